import type { DataFormat } from '../../../src/domain/config/procedure.js';
import { eventColumnNames } from '../../../src/domain/hgcroc/columns.js';
import { EventColumns } from '../../../src/domain/hgcroc/event-columns.js';
import { RawDecoder, type RawFacts } from '../../../src/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import type { SlowRow } from './slow-decoder.js';

/** Pushes bytes in pieces of the sizes given, over and over; at once without. */
export function pushInPieces(decoder: RawDecoder, bytes: Uint8Array, sizes: readonly number[] = []): RawFacts {
  let at = 0;
  for (let i = 0; at < bytes.length; i++) {
    const size = sizes.length === 0 ? bytes.length : Math.max(1, sizes[i % sizes.length]);
    decoder.push(bytes.subarray(at, at + size));
    at += size;
  }
  return decoder.end();
}

/** Rows of event mode as objects, and the facts. */
export function decodeEvents(
  bytes: Uint8Array,
  format: DataFormat,
  sizes?: readonly number[],
): { facts: RawFacts; rows: SlowRow[] } {
  const rows: SlowRow[] = [];
  const columns = new EventColumns(format, (batch) => {
    for (let row = 0; row < batch.rows; row++) {
      rows.push(Object.fromEntries(eventColumnNames.map((name) => [name, batch.columns[name][row]])));
    }
  });
  const facts = pushInPieces(new RawDecoder([columns]), bytes, sizes);
  columns.flush();
  return { facts, rows };
}

/** Rows of summary mode as objects, and the facts. */
export function decodeSummary(bytes: Uint8Array, counter = new SummaryCounter()): { facts: RawFacts; rows: SlowRow[] } {
  const facts = pushInPieces(new RawDecoder([counter]), bytes);
  const { rows, data } = summarize(counter);
  return {
    facts,
    rows: Array.from({ length: rows }, (_, row) =>
      Object.fromEntries([...data].map(([name, values]) => [name, values[row]])),
    ),
  };
}
