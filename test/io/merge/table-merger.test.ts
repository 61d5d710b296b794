import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TableSchema } from '../../../src/domain/table/schema.js';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import { mergeParts, TableMerger, type RunPart } from '../../../src/io/merge/table-merger.js';
import { PartWriter } from '../../../src/io/process/part-writer.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { metadata, packedRows, run, schema, writeSample } from '../hdf5/sample.js';

/** Writes the part of run `index` with rows `first` … `end − 1` of the sample table. */
function writePart(folder: string, index: number, first: number, end: number, columns: TableSchema = schema): RunPart {
  const path = join(folder, `run_${index}.part`);
  const writer = new PartWriter(path, 'test');
  writer.write(packedRows(first, end - first));
  const { patch, ...facts } = run(index);
  const header = { key: 'k', schema: columns, rows: end - first, rawBytes: 1, chips: [0], warnings: [], ...facts };
  writer.commit(header);
  return { run: index, patch, path };
}

/** Three parts of a table of 50,000 rows, cut where `writeSample` begins runs. */
function writeParts(folder: string): RunPart[] {
  return [0, 1, 2].map((index) =>
    writePart(folder, index, Math.ceil((50_000 * index) / 3), Math.ceil((50_000 * (index + 1)) / 3)),
  );
}

test('parts merged are the table that was never cut, byte for byte', async () => {
  const folder = temporaryFolder();
  const whole = await writeSample(join(folder, 'whole.h5'), 50_000);
  const progress: unknown[] = [];
  const merged = await mergeParts(writeParts(folder), join(folder, 'merged.h5'), metadata, {
    onProgress: (value) => progress.push(value),
  });
  expect(merged).toEqual(whole);
  expect(readFileSync(join(folder, 'merged.h5')).equals(readFileSync(join(folder, 'whole.h5')))).toBe(true);
  expect(progress).toEqual([
    { parts: 1, rows: 16_667 },
    { parts: 2, rows: 33_334 },
    { parts: 3, rows: 50_000 },
  ]);
});

test('it takes parts as they come, while later runs are not yet there', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'merged.h5');
  const merger = new TableMerger(path, metadata);
  await merger.add(writePart(folder, 0, 0, 20_000));
  expect(readdirSync(folder).includes('merged.h5')).toBe(false);
  await merger.add(writePart(folder, 1, 20_000, 20_001));
  await merger.add(writePart(folder, 2, 20_001, 20_001));
  expect(await merger.finish()).toMatchObject({ rows: 20_001 });
  const table = await TableFile.open(path);
  try {
    expect(table.runs().map(({ run: index, firstRow, rows }) => [index, firstRow, rows])).toEqual([
      [0, 0, 20_000],
      [1, 20_000, 1],
      [2, 20_001, 0],
    ]);
    expect((await table.columns(['event'], { start: 19_999, end: 20_001 })).data.get('event')).toEqual(
      Uint32Array.of(19_999, 20_000),
    );
  } finally {
    table.close();
  }
});

test('thousands of runs: few open files, every run in the list, no growth with their number', async () => {
  const folder = temporaryFolder();
  const part = writePart(folder, 0, 0, 2);
  const runs = 12_000; // enough that the list of runs no longer fits into the memory that is kept for it
  let mostOpen = 0;
  function* parts(): Generator<RunPart> {
    for (let index = 0; index < runs; index++) {
      yield { ...part, run: index, patch: JSON.stringify({ index, text: 'µ'.repeat(index % 50) }) };
      if (index % 1000 === 0 && process.platform === 'linux') mostOpen = Math.max(mostOpen, openFilesIn(folder));
    }
  }
  const path = join(folder, 'merged.h5');
  expect(await mergeParts(parts(), path, metadata)).toMatchObject({ rows: 2 * runs });
  expect(mostOpen).toBeLessThanOrEqual(2);
  const table = await TableFile.open(path);
  try {
    const records = table.runs();
    expect(records.map((record) => record.run)).toEqual(Array.from({ length: runs }, (_, i) => i));
    expect(records.every(({ firstRow }, index) => firstRow === 2 * index)).toBe(true);
    expect(records[11_049].patch).toBe(JSON.stringify({ index: 11_049, text: 'µ'.repeat(49) }));
  } finally {
    table.close();
  }
});

/** Files in the folder that this process has open. */
function openFilesIn(folder: string): number {
  return readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
    } catch {
      return false; // the descriptor of the listing itself
    }
  }).length;
}

test('timers have their turn, also where parts are empty and nothing is waited for', async () => {
  const folder = temporaryFolder();
  const part = writePart(folder, 0, 0, 0);
  const controller = new AbortController();
  const parts = 1_000_000; // minutes
  const stopAt = performance.now() + 300;
  const timer = setInterval(() => performance.now() > stopAt && controller.abort(new Error('enough')), 20);
  function* endless(): Generator<RunPart> {
    for (let index = 0; index < parts; index++) yield { ...part, run: index };
  }
  const { signal } = controller;
  await expect(mergeParts(endless(), join(folder, 'merged.h5'), metadata, { signal })).rejects.toThrow('enough');
  clearInterval(timer);
  expect(performance.now() - stopAt).toBeLessThan(1000);
});

test('no parts: an empty table of the given columns, else an error', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'merged.h5');
  await expect(mergeParts([], path, metadata)).rejects.toMatchObject({ type: 'DataError' });
  expect(await mergeParts([], path, metadata, { schema })).toMatchObject({ rows: 0 });
});

test('a part with other columns, or none at all, is named; nothing is left behind', async () => {
  const folder = temporaryFolder();
  const target = temporaryFolder();
  const parts = writeParts(folder);
  const columns = schema.columns.map((column) => (column.name === 'gain' ? { ...column, name: 'Gain' } : column));
  const other = writePart(folder, 3, 0, 10, { columns });
  await expect(mergeParts([...parts, other], join(target, 'merged.h5'), metadata)).rejects.toMatchObject({
    type: 'DataError',
    message: expect.stringContaining('run_3.part: its columns differ'),
  });
  const missing = { ...parts[0], path: join(folder, 'missing.part') };
  await expect(mergeParts([parts[0], missing], join(target, 'merged.h5'), metadata)).rejects.toThrow('missing.part');
  expect(readdirSync(target)).toEqual([]);
});

test('an aborted merge ends between two blocks and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const target = temporaryFolder();
  const controller = new AbortController();
  const done: number[] = [];
  const merging = mergeParts(writeParts(folder), join(target, 'merged.h5'), metadata, {
    signal: controller.signal,
    onProgress: ({ parts }) => {
      done.push(parts);
      controller.abort(new Error('the user said stop'));
    },
  });
  await expect(merging).rejects.toThrow('the user said stop');
  expect(done).toEqual([1]);
  expect(readdirSync(target)).toEqual([]);
});
