// What the decoding benchmarks measure.
import { EventColumns } from '../dist/domain/hgcroc/event-columns.js';
import { RawDecoder } from '../dist/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../dist/domain/summary/counter.js';
import { summarize } from '../dist/domain/summary/summarize.js';

const counter = new SummaryCounter();

/** Raw bytes → summary rows. */
export function summaryOf(bytes) {
  counter.reset();
  const decoder = new RawDecoder([counter]);
  decoder.push(bytes);
  decoder.end();
  return summarize(counter);
}

/** Raw bytes → all event columns, batch by batch. */
export function eventsOf(bytes, format) {
  let rows = 0;
  const columns = new EventColumns(format, (batch) => (rows += batch.rows));
  const decoder = new RawDecoder([columns]);
  decoder.push(bytes);
  decoder.end();
  columns.flush();
  return rows;
}
