import { describe, expect, it } from 'vitest';
import { foldName, unfitModule, unfitName } from '../../../src/domain/config/name.js';

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

it('an analysis is looked for under a name of letters, digits, _ and -', () => {
  expect(['pedestal', 'noise-2', '_x'].map(unfitModule)).toEqual([undefined, undefined, undefined]);
  expect(['2nd', 'a.b', 'ü', '../x', ''].map(unfitModule)).toEqual(Array(5).fill('is no name of an analysis'));
});
