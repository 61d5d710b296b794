import type { CsvColumn } from '../../domain/analysis/interface.js';

/** Of one row of a table; what it lacks is an empty field. */
type CellOf<Row> = (row: Row) => number | string | undefined;

/** Makes columns of a CSV file with a line for each of `rows`; `unit` stands in the file of units beside it. */
export function columnsOver<Row>(rows: readonly Row[]) {
  return (name: string, value: CellOf<Row>, unit = ''): CsvColumn => {
    return { name, unit, values: rows.map((row) => value(row) ?? NaN) };
  };
}
