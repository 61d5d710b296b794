import { stat } from 'node:fs/promises';
import { suggestion } from '../../domain/config/nearest.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { columnWidth, rowSize, type Column, type Columns } from '../../domain/table/schema.js';
import { columnRanges, type ColumnRange } from '../../io/hdf5/column-ranges.js';
import type { StoredMetadata } from '../../io/hdf5/read-metadata.js';
import type { TableFile } from '../../io/hdf5/read-table.js';
import type { RunRecord } from '../../io/hdf5/table-metadata.js';

/** Uncompressed bytes that are looked through for the columns' ranges: a second or two. */
const rangeBytes = 256 * 2 ** 20;

/** What `table` shows of a file. */
export interface TableLook {
  readonly path: string;
  /** On disk. */
  readonly bytes: number;
  readonly rows: number;
  readonly rowBytes: number;
  readonly columns: readonly (Column & { readonly range?: ColumnRange })[];
  /** Rows that the ranges are of. */
  readonly rangeRows: number;
  /** Columns of types that are not shown, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly metadata: StoredMetadata | undefined;
  readonly runs: readonly RunRecord[];
  /** Number of the first row in `first`. */
  readonly from: number;
  /** Rows from there on. */
  readonly first: Columns;
}

/** What of a table is wanted. */
export interface TableWish {
  readonly rows: number;
  readonly from: number;
  /** Names; undefined: all. */
  readonly columns: readonly string[] | undefined;
}

/** Reads what is shown. @throws DatenraffinerieError ConfigError where there is no such column */
export async function lookAtTable(
  path: string,
  table: TableFile,
  { rows, from, columns: wanted }: TableWish,
): Promise<TableLook> {
  const columns = chooseColumns(table.schema.columns, wanted);
  const rowBytes = rowSize(table.schema);
  const rangeRows = Math.min(table.rows, Math.floor(rangeBytes / Math.max(1, rowBytes)));
  const ranges = await columnRanges(table, rangeRows);
  const names = columns.map(({ name }) => name);
  return {
    path,
    bytes: (await stat(path)).size,
    rows: table.rows,
    rowBytes,
    columns: columns.map((column) => ({ ...column, range: ranges.get(column.name) })).map(withoutUndefined),
    rangeRows,
    skipped: table.skipped,
    metadata: table.stored,
    runs: table.runs(),
    from,
    first: await table.columns(names, { start: from, end: from + rows }),
  };
}

function chooseColumns(columns: readonly Column[], wanted: readonly string[] | undefined): readonly Column[] {
  if (wanted === undefined) return columns;
  return wanted.map((name) => {
    const column = columns.find((each) => each.name === name);
    if (column !== undefined) return column;
    const remedy = suggestion(
      name,
      columns.map((each) => each.name),
    );
    throw new DatenraffinerieError(
      'ConfigError',
      `the table has no column '${name}'`,
      remedy === undefined ? {} : { remedy },
    );
  });
}

function withoutUndefined({
  range,
  ...column
}: Column & { range: ColumnRange | undefined }): TableLook['columns'][number] {
  return range === undefined ? column : { ...column, range };
}

/** `u32`, `f32`, `text (5 bytes)`. */
export function typeName({ type }: Column): string {
  return typeof type === 'string' ? type : `text (${columnWidth(type)} bytes)`;
}
