import { join } from 'node:path';
import { TableFileWriter } from '../dist/io/hdf5/table-file-writer.js';
import { compressAll, eventBatches, layout, metadata, pack, packer, shuffledChunks, withFolder } from './hdf5-input.js';
import { ratioOf, wallTime } from './measure.js';

export const name = 'event columns → HDF5, shuffle + level 3 (to one thread’s zlib)';
export const goal = 1.0;
export const better = 'lower';

export async function run() {
  const batches = eventBatches(4000);
  const rowPacker = packer();
  const bytes = Buffer.concat(batches.map((batch) => Buffer.from(pack(rowPacker, batch))));
  const chunks = shuffledChunks(bytes);
  return withFolder((folder) => {
    const write = async () => {
      const writer = await TableFileWriter.create(join(folder, 'table.h5'), layout.schema, metadata);
      for (const batch of batches) await writer.append(pack(rowPacker, batch));
      await writer.finish();
    };
    return ratioOf(write, () => compressAll(chunks), { measure: wallTime });
  });
}
