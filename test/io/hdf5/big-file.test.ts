import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DatasetWriter } from '../../../src/io/hdf5/dataset-writer.js';
import { writeGroup } from '../../../src/io/hdf5/group-writer.js';
import { OutputFile } from '../../../src/io/hdf5/output-file.js';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import { encodeSuperblock } from '../../../src/io/hdf5/superblock.js';
import { groupAttributes } from '../../../src/io/hdf5/table-attributes.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { noPython, runPython } from '../../support/tools/python.js';
import { packedRows, schema, valuesOf } from './sample.js';

const rows = 30_000;

/** A table whose chunks, index and headers all lie behind 5 GB of hole. */
async function writeBehindHole(path: string): Promise<void> {
  const file = await OutputFile.create(path);
  file.skip(5 * 2 ** 30);
  const writer = new DatasetWriter(file, '/data/measurements', schema);
  for (let row = 0; row < rows; row += 1000) await writer.append(packedRows(row, 1000));
  const data = await writeGroup(file, '/data', groupAttributes(), [
    { name: 'measurements', header: await writer.finish() },
  ]);
  const top = await writeGroup(file, '/', groupAttributes(true), [{ name: 'data', ...data }]);
  await file.writeAt(0, encodeSuperblock(top, file.length));
  await file.finish();
}

test('a file of more than 4 GB is read at its far end', async () => {
  const path = join(temporaryFolder(), 'big.h5');
  await writeBehindHole(path);
  const table = await TableFile.open(path);
  try {
    const { data } = await table.columns(['event', 'adcm'], { start: rows - 2, end: rows });
    expect(data.get('event')).toEqual(Uint32Array.of(rows - 2, rows - 1));
    expect([...(data.get('adcm') ?? [])]).toEqual([valuesOf(rows - 2)[1], valuesOf(rows - 1)[1]]);
  } finally {
    table.close();
  }
  if (noPython) return;
  const script = `
import sys, json, tables
with tables.open_file(sys.argv[1]) as file:
    print(json.dumps(int(file.root.data.measurements.col("event").sum())))`;
  expect(runPython(script, path)).toBe((rows * (rows - 1)) / 2);
});
