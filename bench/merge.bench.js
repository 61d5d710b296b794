import { join } from 'node:path';
import { mergeParts } from '../dist/io/merge/table-merger.js';
import { PartWriter } from '../dist/io/process/part-writer.js';
import {
  compressAll,
  eventBatches,
  layout,
  metadata,
  pack,
  packer,
  rowBytes,
  shuffledChunks,
  withFolder,
} from './hdf5-input.js';
import { ratioOf, wallTime } from './measure.js';

export const name = 'merge of 1,000 parts, shuffle + level 3 (to one thread’s zlib)';
export const goal = 1.2;
export const better = 'lower';

const parts = 1000;
const rowsPerPart = 936; // four events of three chips

export async function run() {
  const rowPacker = packer();
  const batches = eventBatches((parts * rowsPerPart) / 234);
  const bytes = Buffer.concat(batches.map((batch) => Buffer.from(pack(rowPacker, batch))));
  const chunks = shuffledChunks(bytes);
  return withFolder((folder) => {
    const runs = writeParts(folder, bytes);
    const merge = () => mergeParts(runs, join(folder, 'merged.h5'), metadata);
    return ratioOf(merge, () => compressAll(chunks), { measure: wallTime });
  });
}

function writeParts(folder, bytes) {
  const size = rowsPerPart * rowBytes;
  const facts = { events: 4, chips: [0, 1, 2], truncatedBytes: 352, corruptHalves: 0, warnings: [] };
  const header = { key: 'k', schema: layout.schema, rows: rowsPerPart, sha256: '0'.repeat(64), rawBytes: 1, ...facts };
  return Array.from({ length: parts }, (_, run) => {
    const path = join(folder, `run_${run}.part`);
    const writer = new PartWriter(path, 'bench');
    writer.write(bytes.subarray(run * size, (run + 1) * size));
    writer.commit(header);
    return { run, patch: `{"target":{"roc_s0":{"ReferenceVoltage":{"0":{"Calib":${run}}}}}}`, path };
  });
}
