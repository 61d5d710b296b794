import type { TableReader } from '../../domain/table/reader.js';
import type { ColumnData } from '../../domain/table/schema.js';

/** Smallest and largest value of a column, NaN left aside; undefined for texts and where there is no value. */
export interface ColumnRange {
  readonly min: number | bigint;
  readonly max: number | bigint;
  /** How many values are NaN. */
  readonly missing: number;
}

/** Ranges of all columns over the first `rows` rows, in one pass with little memory. */
export async function columnRanges(table: TableReader, rows: number): Promise<Map<string, ColumnRange>> {
  const ranges = new Map<string, ColumnRange>();
  const names = table.schema.columns.filter(({ type }) => typeof type === 'string').map(({ name }) => name);
  let seen = 0;
  for await (const chunk of table.chunks(names)) {
    for (const [name, values] of chunk.data) {
      const range = rangeOf(values, Math.min(chunk.rows, rows - seen), ranges.get(name));
      if (range !== undefined) ranges.set(name, range);
    }
    seen += chunk.rows;
    if (seen >= rows) break;
  }
  return ranges;
}

function rangeOf(values: ColumnData, count: number, before: ColumnRange | undefined): ColumnRange | undefined {
  let min = before?.min;
  let max = before?.max;
  let missing = before?.missing ?? 0;
  for (let row = 0; row < count; row++) {
    const value = values[row];
    if (typeof value === 'string') return undefined;
    if (value !== value) {
      missing++;
      continue;
    }
    if (min === undefined || value < min) min = value;
    if (max === undefined || value > max) max = value;
  }
  if (min === undefined || max === undefined) return undefined;
  return { min, max, missing };
}
