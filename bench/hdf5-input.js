// Rows for the benchmarks of tables on disk: event rows of the encoder's runs, and their bytes as zlib gets them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { EventColumns } from '../dist/domain/hgcroc/event-columns.js';
import { RawDecoder } from '../dist/domain/hgcroc/raw-decoder.js';
import { buildTableLayout } from '../dist/domain/table/build-layout.js';
import { eventRows, RowPacker } from '../dist/domain/table/pack.js';
import { rowSize } from '../dist/domain/table/schema.js';
import { shuffle } from '../dist/io/hdf5/shuffle.js';
import { eventBlock, header } from './raw-input.js';

/** Event mode with two scanned parameters as columns. */
const state = new Map([
  [
    'target',
    new Map(
      [0, 1, 2].map((chip) => [
        `roc_s${chip}`,
        new Map([
          ['ReferenceVoltage', new Map([0, 1].map((half) => [half, new Map([['Calib', 128]])]))],
          ['Top', new Map([[0, new Map([['phase_strobe', 3]])]])],
        ]),
      ]),
    ),
  ],
]);

export const { layout } = buildTableLayout({ mode: 'full', dataColumns: [], startState: state, axes: [] });
export const rowBytes = rowSize(layout.schema);
export const metadata = { procedure: 'benchmark', configuration: '', software: 'datenraffinerie', axes: [] };

/** Batches of event columns, each with columns of its own; no event is like another, or zlib would have it easy. */
export function eventBatches(events) {
  const batches = [];
  const columns = new EventColumns('raw', (batch) => batches.push(copyOf(batch)));
  const decoder = new RawDecoder([columns]);
  decoder.push(header);
  decoder.push(eventBlock('raw', events));
  decoder.end();
  columns.flush();
  return batches;
}

/** A batch is reused; its copy is not. */
function copyOf({ records, rows, columns, chipSlot, chips }) {
  const own = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values.slice()]));
  return { records, rows, columns: own, chipSlot: chipSlot.slice(), chips };
}

/** A packer that is ready for the run. */
export function packer() {
  const made = new RowPacker(layout);
  made.setRun(state, new Map());
  return made;
}

/** Packed rows of a batch; reused by the packer's next call. */
export function pack(rowPacker, batch) {
  return rowPacker.pack(eventRows(batch));
}

/** The bytes in chunks as in the file, shuffled: what the reference compresses. */
export function shuffledChunks(bytes) {
  const rows = Math.floor((512 * 1024) / rowBytes / 64) * 64;
  const size = rows * rowBytes;
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const chunk = new Uint8Array(size);
    chunk.set(bytes.subarray(i * size, (i + 1) * size));
    const shuffled = new Uint8Array(size);
    shuffle(chunk, rowBytes, shuffled, rows, 0);
    return shuffled;
  });
}

/** The reference: one thread's zlib at level 3, with one output buffer per chunk. */
export function compressAll(chunks) {
  for (const chunk of chunks) deflateSync(chunk, { level: 3, chunkSize: 64 * 1024 });
}

/** Calls `use` with a new folder and removes it afterwards. */
export async function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'datenraffinerie-bench-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
