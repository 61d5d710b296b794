import { expect, test } from 'vitest';
import { compareNumbers, type NamedNumbers } from '../../../src/domain/report/comparison.js';

const numbers = (table: string, columns: Record<string, Record<string, number>>): NamedNumbers => ({
  table,
  columns: new Map(Object.entries(columns).map(([name, rows]) => [name, new Map(Object.entries(rows))])),
});

test('two scans are compared row by row, by what the rows are of', () => {
  const before = [numbers('pedestal/a.csv', { noise: { x: 1, y: 2, gone: 9 }, chip: { x: 0, y: 1 } })];
  const after = [
    numbers('pedestal/a.csv', { noise: { y: 5, x: 1.5, added: 7 }, chip: { x: 0, y: 1 }, only: { x: 1 } }),
    numbers('other/b.csv', { noise: { x: 1 } }),
  ];
  expect(compareNumbers(before, after)).toEqual([
    {
      ...{ table: 'pedestal/a.csv', column: 'noise', common: 2, before: 1.5, after: 3.25, change: 1.75 },
      most: { of: 'y', change: 3 },
    },
  ]);
});
