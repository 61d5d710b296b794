import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { TableFileWriter } from '../../../src/io/hdf5/table-file-writer.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';
import { metadata } from './sample.js';

const columns = Array.from({ length: 250 }, (_, i) => ({ name: `c${i}`, type: 'u32' as const }));
const rows = 400_000; // of 1,000 bytes
const rowsAtOnce = 4000;
const folder = temporaryFolder();

async function writeTable(path: string, count: number): Promise<void> {
  const writer = await TableFileWriter.create(path, { columns }, metadata);
  const words = new Uint32Array(rowsAtOnce * columns.length);
  for (let first = 0; first < count; first += rowsAtOnce) {
    for (let row = 0; row < rowsAtOnce; row++) words[row * columns.length + 7] = first + row;
    await writer.append(new Uint8Array(words.buffer));
  }
  await writer.finish();
}

interface Answer {
  readonly sum: number;
  readonly rows: number;
  /** Largest resident set, kB. */
  readonly memory: number;
}

/** What a process that evaluates `read` finds in column c7. */
function readApart(file: string, read: string): Answer {
  const script = `
    import { TableFile } from ${JSON.stringify(join(root, 'dist/io/hdf5/read-table.js'))};
    const table = await TableFile.open(process.argv[1]);
    const { data, rows } = await table.${read};
    const sum = data.get('c7').reduce((total, value) => total + value, 0);
    table.close();
    console.log(JSON.stringify({ sum, rows, memory: process.resourceUsage().maxRSS }));`;
  const options = ['--input-type=module', '-e', script, join(folder, file)];
  return JSON.parse(execFileSync(process.execPath, options).toString()) as Answer;
}

beforeAll(async () => {
  await writeTable(join(folder, 'small.h5'), rowsAtOnce);
  await writeTable(join(folder, 'big.h5'), rows);
});

test('one column of a table of 400 MB does not take its memory', () => {
  const small = readApart('small.h5', `columns(['c7'])`);
  const big = readApart('big.h5', `columns(['c7'])`);
  expect(big).toMatchObject({ rows, sum: (rows * (rows - 1)) / 2 });
  expect(big.memory - small.memory).toBeLessThan(130_000); // batches that are not yet collected
});

test('some rows at the end of it take no more', () => {
  const small = readApart('small.h5', `columns(['c7'], { start: 0, end: 10 })`);
  const big = readApart('big.h5', `columns(['c7'], { start: ${rows - 10}, end: ${rows} })`);
  expect(big).toMatchObject({ rows: 10, sum: 10 * rows - 55 });
  expect(big.memory - small.memory).toBeLessThan(20_000);
});
