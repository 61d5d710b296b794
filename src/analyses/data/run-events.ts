import type { TableReader } from '../../domain/table/reader.js';

/** How many events stand behind a row of a summary table; NaN where the file does not say. */
export function eventsOfRows(table: TableReader): (row: number) => number {
  const runs = table.runs();
  const at = runsOfRows(table);
  return (row) => runs[at(row)]?.events ?? NaN;
}

/** The place in `table.runs()` of the run that a row belongs to; their number where there is none. */
export function runsOfRows(table: TableReader): (row: number) => number {
  const last = Float64Array.from(table.runs(), ({ firstRow, rows }) => firstRow + rows - 1);
  return (row) => indexFrom(last, row);
}

/** The first place of ascending values that is not below `wanted`. */
function indexFrom(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
