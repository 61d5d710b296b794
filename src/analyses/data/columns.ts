/**
 * Room: columns of a table as an analysis needs them: by channel, by run, events.
 * May use: domain, domain/analysis, domain/hgcroc, domain/table.
 */

import { DatenraffinerieError } from '../../domain/errors.js';
import type { TableReader } from '../../domain/table/reader.js';
import type { ColumnData, Columns } from '../../domain/table/schema.js';

/** Columns of numbers by name, all of length `rows`. */
export interface Numbers {
  readonly rows: number;
  has(name: string): boolean;
  /** The column's values; throws where it was neither required nor found. */
  get(name: string): ArrayLike<number>;
}

/** Reads `required` columns, and those of `optional` that the table has. */
export async function readNumbers(
  table: TableReader,
  required: readonly string[],
  optional: readonly string[] = [],
): Promise<Numbers> {
  const present = new Set(table.schema.columns.map((column) => column.name));
  requireColumns(table, required);
  const names = [...new Set([...required, ...optional.filter((name) => present.has(name))])];
  return asNumbers(await table.columns(names));
}

/** Throws where the table lacks one of `names`, and says how to get it. */
export function requireColumns(table: TableReader, names: readonly string[]): void {
  const present = new Set(table.schema.columns.map((column) => column.name));
  const missing = names.filter((name) => !present.has(name));
  if (missing.length === 0) return;
  const source = table.metadata.procedure === '' ? 'the table' : `the table of '${table.metadata.procedure}'`;
  throw new DatenraffinerieError('AnalysisError', `${source} has no column ${missing.join(', ')}`, {
    remedy: `add ${missing.join(', ')} to data_columns of the DAQ procedure, or leave data_columns out`,
  });
}

export function asNumbers(columns: Columns): Numbers {
  const converted = new Map([...columns.data].map(([name, data]) => [name, toNumbers(name, data)]));
  return {
    rows: columns.rows,
    has: (name) => converted.has(name),
    get(name) {
      const column = converted.get(name);
      if (column === undefined) throw new DatenraffinerieError('AnalysisError', `column '${name}' was not read`);
      return column;
    },
  };
}

function toNumbers(name: string, data: ColumnData): ArrayLike<number> {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (ArrayBuffer.isView(data)) return data;
  throw new DatenraffinerieError('AnalysisError', `column '${name}' holds text, not numbers`);
}
