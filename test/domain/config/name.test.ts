import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { foldName, unfitColumn, unfitModule, unfitName } from '../../../src/domain/config/name.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { needsPython, noPython, runPython } from '../../support/tools/python.js';
import { writeTable } from '../../support/tables/tables.js';

describe('a procedure may be called', () => {
  const long = 'ü'.repeat(60); // 120 bytes
  it.each(['pedestal_run', 'pedestal run', 'messung_ü', 'u\u0308', '測定', '2', 'a.b-c', '~x #1 100%', 'a.tmp', long])(
    '%s',
    (name) => expect(unfitName(name)).toBeUndefined(),
  );
});

describe('a procedure may not be called', () => {
  it.each([
    ['', 'is no plain file name'],
    ['a/b', 'is no plain file name'],
    ['..', 'is no plain file name'],
    ['.hidden', 'is no plain file name'],
    ['--output', 'is no plain file name'],
    [' a', 'is no plain file name'],
    ['a.', 'is no plain file name'],
    ['a\tb', 'is no plain file name'],
    ['a\u202eb', 'is no plain file name'],
    ['a\ud800', 'is no plain file name'],
    ['a.H5', 'is kept for an output file'],
    ['Report.html', 'is kept for an output file'],
    ['a.0123456789.tmp', 'is kept for files that are not whole yet'],
    ['a.2', 'ends like the second occurrence of another procedure'],
    ['ü'.repeat(61), 'has 122 bytes, more than 120'],
  ])('%j', (name, why) => expect(unfitName(name)).toBe(why));
});

it('names that a disk takes for one fold to the same', () => {
  expect(['Scan', 'SCAN', 'scan'].map(foldName)).toEqual(['scan', 'scan', 'scan']);
  expect(foldName('u\u0308')).toBe(foldName('Ü'));
  expect(foldName('größe')).toBe(foldName('GRÖSSE'));
  expect(foldName('scan')).not.toBe(foldName('skan'));
});

const columns = [
  'a b',
  'a.b',
  'ü',
  '1',
  'class',
  'cols',
  'name',
  '-',
  '..',
  '_x',
  '_i_x',
  '__x',
  '__init__',
  '%d',
  "'",
  'x'.repeat(300),
];
const refused = [
  ['', 'is empty'],
  ['charge/threshold', "has a '/', which stands for a column within a column"],
  ['.', 'is one that PyTables keeps for itself'],
  ['_v_pos', 'is one that PyTables keeps for itself'],
  ['_c_1', 'is one that PyTables keeps for itself'],
  ['__members__', 'is one that PyTables keeps for itself'],
  ['a\nb', 'has characters that cannot be printed'],
  ['a\u0000b', 'has characters that cannot be printed'],
] as const;

describe('a column', () => {
  it.each(columns)('may be called %s', (name) => expect(unfitColumn(name)).toBeUndefined());
  it.each(refused)('may not be called %j', (name, why) => expect(unfitColumn(name)).toBe(why));

  const script = `
import json, sys, tables, warnings
warnings.simplefilter("ignore", tables.NaturalNameWarning)
with tables.open_file(sys.argv[1]) as file:
    rows = file.root.data.measurements.read()
with tables.open_file(sys.argv[1] + ".copy", "w") as file:
    table = file.create_table("/", "copy", obj=rows)
    print(json.dumps({name: table.col(name).tolist() for name in json.loads(sys.argv[2])}))`;
  async function readAgain(data: Record<string, number[]>): Promise<unknown> {
    const path = join(temporaryFolder(), 'table.h5');
    await writeTable(path, data);
    return runPython(script, path, JSON.stringify(Object.keys(data)));
  }
  test.skipIf(noPython)(`of such a name is read and written again by PyTables${needsPython}`, async () => {
    const data = Object.fromEntries(columns.map((name, index) => [name, [index, -index]]));
    expect(await readAgain(data)).toEqual(data);
  });
  const reserved = ['charge/threshold', '.', '_v_pos', '_c_1', '__members__'];
  test.skipIf(noPython).each(reserved)(`%s is not${needsPython}`, async (name) => {
    await expect(readAgain({ chip: [1], [name]: [2] })).rejects.toThrow(/Error/);
  });
});

it('an analysis is looked for under a name of letters, digits, _ and -', () => {
  expect(['pedestal', 'noise-2', '_x'].map(unfitModule)).toEqual([undefined, undefined, undefined]);
  expect(['2nd', 'a.b', 'ü', '../x', ''].map(unfitModule)).toEqual(Array(5).fill('is no name of an analysis'));
});
