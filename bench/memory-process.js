// Turns a raw file of so many events into a table on disk, event rows with configuration columns, and prints the largest
// resident set in kB.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { EventColumns } from '../dist/domain/hgcroc/event-columns.js';
import { RawDecoder } from '../dist/domain/hgcroc/raw-decoder.js';
import { TableFileWriter } from '../dist/io/hdf5/table-file-writer.js';
import { layout, metadata, pack, packer, rowBytes, withFolder } from './hdf5-input.js';
import { eventBlock, piecesOfRun } from './raw-input.js';

const rowsPerEvent = 3 * 78;
const events = Number(process.argv[2]);

await withFolder(async (folder) => {
  const path = join(folder, 'table.h5');
  const written = await writeTable(path);
  const { size } = statSync(path);
  if (written.rows !== events * rowsPerEvent) throw new Error(`${written.rows} rows of ${events} events`);
  if (written.bytes !== size || size < (events * rowsPerEvent * rowBytes) / 100) throw new Error(`only ${size} bytes`);
});
console.log(process.resourceUsage().maxRSS);

async function writeTable(path) {
  const rowPacker = packer();
  let packed = [];
  const columns = new EventColumns('raw', (batch) => packed.push(Buffer.from(pack(rowPacker, batch))));
  const decoder = new RawDecoder([columns]);
  const writer = await TableFileWriter.create(path, layout.schema, metadata);
  const store = async () => {
    for (const rows of packed) await writer.append(rows);
    packed = [];
  };
  for (const piece of piecesOfRun(events, eventBlock('raw'))) {
    decoder.push(piece);
    await store();
  }
  decoder.end();
  columns.flush();
  await store();
  return writer.finish();
}
