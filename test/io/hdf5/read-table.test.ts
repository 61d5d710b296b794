import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import type { Columns } from '../../../src/domain/table/schema.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { chooseBy } from '../../support/driver/moves.js';
import { needsPython, noPython, runPython } from '../../support/tools/python.js';
import { metadata, packedRows, run, schema, valuesOf, writeSample } from './sample.js';

const names = schema.columns.map((column) => column.name);

/** The rows of columns, for comparison with `valuesOf`. */
function rowsOf({ rows, data }: Columns): (number | string)[][] {
  return Array.from({ length: rows }, (_, row) =>
    [...data.values()].map((column) => {
      const value = column[row];
      return typeof value === 'bigint' ? Number(value) : value;
    }),
  );
}

async function withSample<T>(rows: number, use: (table: TableFile, path: string) => Promise<T>): Promise<T> {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, rows);
  const table = await TableFile.open(path);
  try {
    return await use(table, path);
  } finally {
    table.close();
  }
}

test('schema, metadata and runs come back as they were written', async () => {
  await withSample(100, async (table) => {
    expect(table.schema).toEqual(schema);
    expect(table.rows).toBe(100);
    expect(table.metadata).toMatchObject(metadata);
    expect(table.stored?.configurationSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(table.runs()).toEqual([
      { ...run(0), firstRow: 0, rows: 34 },
      { ...run(1), firstRow: 34, rows: 33 },
      { ...run(2), firstRow: 67, rows: 33 },
    ]);
    expect(table.runs(2, 5).map((record) => record.run)).toEqual([2]);
  });
});

test('columns and ranges of rows, −1 as −1', async () => {
  await withSample(30_000, async (table) => {
    const expected = (first: number, count: number) => Array.from({ length: count }, (_, i) => valuesOf(first + i));
    expect(rowsOf(await table.columns(names, { start: 13_430, end: 13_460 }))).toEqual(expected(13_430, 30));
    const { rows, data } = await table.columns(['adcm', 'channel'], { start: 29_998, end: 40_000 });
    expect(rows).toBe(2);
    expect(data.get('adcm')).toEqual(
      Int32Array.from([29_998 % 1024, -1].map((_, i) => Number(valuesOf(29_998 + i)[1]))),
    );
    expect(data.get('channel')).toBeInstanceOf(Int16Array);
    expect((await table.columns(['channel'], { start: 0, end: 1 })).data.get('channel')).toEqual(Int16Array.of(-1));
    const packed = await table.packedRows({ start: 100, end: 103 });
    expect(Buffer.compare(packed.bytes, packedRows(100, 3))).toBe(0);
  });
});

test('chunk by chunk: all rows once and in order', async () => {
  await withSample(30_000, async (table) => {
    const events: number[] = [];
    for await (const { data } of table.chunks(['event'], 7000))
      events.push(...Array.from(data.get('event') ?? [], Number));
    expect(events).toEqual(Array.from({ length: 30_000 }, (_, i) => i));
  });
});

test('an empty table has its columns', async () => {
  await withSample(0, async (table) => {
    expect(table.schema).toEqual(schema);
    expect((await table.columns(names)).rows).toBe(0);
    for await (const chunk of table.chunks(names)) expect.fail(`unexpected chunk of ${chunk.rows} rows`);
  });
});

test('a column that is not there is told with the nearest, or all that are', async () => {
  await withSample(1, async (table) => {
    await expect(table.columns(['adc_maen'])).rejects.toMatchObject({
      type: 'DataError',
      message: expect.stringContaining("'adc_maen'"),
      remedy: "did you mean 'adc_mean'?",
    });
    await expect(table.columns(['qwertyuiop'])).rejects.toMatchObject({
      remedy: expect.stringContaining('adcm, channel'),
    });
  });
});

test('files that are missing, no HDF5, cut short or damaged are named; others can be read afterwards', async () => {
  const folder = temporaryFolder();
  await expect(TableFile.open(join(folder, 'none.h5'))).rejects.toMatchObject({ type: 'ConfigError' });
  writeFileSync(join(folder, 'text.h5'), 'no table');
  await expect(TableFile.open(join(folder, 'text.h5'))).rejects.toMatchObject({
    type: 'DataError',
    message: expect.stringContaining('text.h5: not an HDF5 file'),
  });
  const path = join(folder, 'table.h5');
  await writeSample(path, 30_000);
  const bytes = readFileSync(path);
  writeFileSync(join(folder, 'cut.h5'), bytes.subarray(0, bytes.length - 1000));
  await expect(TableFile.open(join(folder, 'cut.h5'))).rejects.toMatchObject({
    type: 'DataError',
    message: expect.stringContaining('truncated file'),
  });
  bytes.fill(0xff, 100, 1000); // in the first chunk
  writeFileSync(join(folder, 'damaged.h5'), bytes);
  const damaged = await TableFile.open(join(folder, 'damaged.h5'));
  try {
    await expect(damaged.columns(['event'])).rejects.toMatchObject({
      type: 'DataError',
      message: expect.stringContaining('elements 0 to 29999 of /data/measurements cannot be read (filter'),
    });
    expect((await damaged.columns(['event'], { start: 29_999, end: 30_000 })).data.get('event')?.[0]).toBe(29_999);
  } finally {
    damaged.close();
  }
});

test.skipIf(noPython)(
  `tables of other writers: padded rows, big-endian numbers, types we lack${needsPython}`,
  async () => {
    const path = join(temporaryFolder(), 'foreign.h5');
    const script = `
import sys, h5py, numpy
kind = numpy.dtype([("adc", ">i4"), ("flag", "?"), ("mean", ">f8"), ("vector", "f4", (3,)), ("big", "u8"),
  ("name", "S4"), ("half", "i1")], align=True)
rows = numpy.zeros(1000, kind)
rows["adc"] = numpy.arange(1000) - 1
rows["mean"] = numpy.arange(1000) / 3
rows["name"] = b"ab"
rows["half"] = -1
rows["flag"] = True
with h5py.File(sys.argv[1], "w") as file:
    file["data/measurements"] = rows
    file["image"] = numpy.zeros((3, 3))
print("null")`;
    runPython(script, path);
    const table = await TableFile.open(path);
    try {
      expect(table.schema.columns.map(({ name, type }) => [name, type])).toEqual([
        ['adc', 'i32'],
        ['flag', 'i8'],
        ['mean', 'f64'],
        ['big', 'u64'],
        ['name', { text: 4 }],
        ['half', 'i8'],
      ]);
      expect(table.skipped.map(({ name }) => name)).toEqual(['vector']);
      expect(table.stored).toBeUndefined();
      expect(table.runs()).toEqual([]);
      const shown = await table.columns(['adc', 'mean', 'name', 'half', 'flag'], { start: 0, end: 3 });
      expect(rowsOf(shown)).toEqual([0, 1, 2].map((row) => [row - 1, row / 3, 'ab', -1, 1]));
      await expect(table.packedRows({ start: 0, end: 1 })).rejects.toMatchObject({ type: 'DataError' });
    } finally {
      table.close();
    }
    await expect(TableFile.open(path, '/image')).rejects.toMatchObject({ type: 'DataError' });
  },
);

/** What reading a whole file comes to. */
async function look(path: string): Promise<unknown> {
  let table: TableFile | undefined;
  try {
    table = await TableFile.open(path);
    table.runs();
    return rowsOf(await table.columns(names)).length;
  } catch (error) {
    return error;
  } finally {
    table?.close();
  }
}

test('a damaged file is a DataError, whatever of it is damaged, and none stands in the way of what takes its place', async () => {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, 300);
  const whole = readFileSync(path);
  const choose = chooseBy(7);
  for (let round = 0; round < 300; round++) {
    const spoilt = Buffer.from(whole);
    for (let byte = 0; byte < 8; byte++) spoilt[choose(spoilt.length)] = choose(256);
    writeFileSync(path, spoilt); // the same file for the system
    const found = await look(path);
    if (typeof found !== 'number') expect(found, `round ${round}`).toMatchObject({ type: 'DataError' });
    writeFileSync(path, whole);
    expect(await look(path), `after round ${round}`).toBe(300);
  }
});

test('chunks end with runs, and within a run that is too long for one with events', async () => {
  await withSample(100, async (table) => {
    const sizes = async (size: number): Promise<number[]> => {
      const found: number[] = [];
      for await (const { rows } of table.chunks(['event'], size)) found.push(rows);
      return found;
    };
    expect(await sizes(1000)).toEqual([100]);
    expect(await sizes(70)).toEqual([67, 33]);
    expect(await sizes(34)).toEqual([34, 33, 33]);
    expect((await sizes(20)).reduce((sum, rows) => sum + rows)).toBe(100);
    expect(Math.max(...(await sizes(20)))).toBeLessThanOrEqual(20);
  });
});

test.skipIf(noPython)(
  `booleans and unsigned 64-bit integers of other writers, and their compression by name${needsPython}`,
  async () => {
    const folder = temporaryFolder();
    const script = `
import json, sys, numpy, h5py, tables
rows = numpy.zeros(4, dtype=[('flag', '?'), ('u', 'u8')])
rows['flag'] = [True, False, True, True]
rows['u'] = [2**63, 1, 2, 2**64 - 1]
with tables.open_file(sys.argv[1] + '/pytables.h5', 'w') as file:
    file.create_table('/data', 'measurements', rows, createparents=True)
with h5py.File(sys.argv[1] + '/h5py.h5', 'w') as file:
    file.create_dataset('data/measurements', data=rows)
with h5py.File(sys.argv[1] + '/lzf.h5', 'w') as file:
    file.create_dataset('data/measurements', data=rows, chunks=(2,), compression='lzf')
with tables.open_file(sys.argv[1] + '/blosc.h5', 'w') as file:
    file.create_table('/data', 'measurements', rows, createparents=True, filters=tables.Filters(5, 'blosc'))
print(json.dumps(None))
`;
    runPython(script, folder);
    for (const name of ['pytables.h5', 'h5py.h5']) {
      const table = await TableFile.open(join(folder, name));
      try {
        const { data } = await table.columns(['flag', 'u']);
        expect([...(data.get('flag') ?? [])].map(Number), name).toEqual([1, 0, 1, 1]);
        expect([...(data.get('u') ?? [])], name).toEqual([2n ** 63n, 1n, 2n, 2n ** 64n - 1n]);
      } finally {
        table.close();
      }
    }
    for (const name of ['lzf', 'blosc']) {
      const table = await TableFile.open(join(folder, `${name}.h5`));
      try {
        await expect(table.columns(['u'])).rejects.toThrow(`is compressed with ${name}, which cannot be read here`);
      } finally {
        table.close();
      }
    }
  },
);
