import { eventColumnNames, summaryColumnNames } from '../../domain/hgcroc/columns.js';
import type { TableReader } from '../../domain/table/reader.js';
import type { ColumnData } from '../../domain/table/schema.js';
import type { ChannelRows } from './channels.js';

export type ConditionValue = number | string;
/** Values of the scanned columns that an analysis does not use, by name; results of different ones are never mixed. */
export type Condition = Readonly<Record<string, ConditionValue>>;
/** Values of columns by name, one for every row. */
export type ConditionColumns = ReadonlyMap<string, ArrayLike<ConditionValue>>;

const measured: ReadonlySet<string> = new Set([...summaryColumnNames, ...eventColumnNames]);

/**
 * Names of the columns along which a table was scanned: those of its axes; in a table that does not name its axes, all
 * that were not measured.
 */
export function scannedColumns({ schema, metadata }: TableReader): string[] {
  const there = schema.columns.map(({ name }) => name);
  if (metadata.procedure === '') return there.filter((name) => !measured.has(name));
  const axes = metadata.axes.filter(({ length }) => length > 1).map(({ name }) => name);
  return axes.map((name) => (measured.has(name) ? `axis_${name}` : name)).filter((name) => there.includes(name));
}

/** The columns along which a table was scanned, apart from those of `used`, after those of `first` that it has. */
export async function readScanned(
  table: TableReader,
  used: readonly string[],
  first: readonly string[] = [],
): Promise<ConditionColumns> {
  const there = new Set(table.schema.columns.map(({ name }) => name));
  const wanted = [...first.filter((name) => there.has(name)), ...scannedColumns(table)];
  const names = [...new Set(wanted)].filter((name) => !used.includes(name));
  if (names.length === 0) return new Map();
  const { data } = await table.columns(names);
  return new Map(names.map((name) => [name, plainValues(data.get(name) ?? [])]));
}

export function plainValues(data: ColumnData): ArrayLike<ConditionValue> {
  return data instanceof BigInt64Array || data instanceof BigUint64Array ? Float64Array.from(data, Number) : data;
}

/**
 * Of the candidates those that take several values within a channel while the columns of `used`, and the candidates
 * before, stay as they are: what an average would mix. One that follows from the others is none.
 */
export function conditionsIn(
  groups: readonly ChannelRows[],
  used: readonly ArrayLike<ConditionValue>[],
  candidates: ConditionColumns,
): ConditionColumns {
  const fixed = [...used];
  const found = new Map<string, ArrayLike<ConditionValue>>();
  for (const [name, values] of candidates) {
    if (!groups.some(({ rows }) => takesSeveral(rows, fixed, values))) continue;
    found.set(name, values);
    fixed.push(values);
  }
  return found;
}

function takesSeveral(
  rows: readonly number[],
  fixed: readonly ArrayLike<ConditionValue>[],
  values: ArrayLike<ConditionValue>,
): boolean {
  const [first] = rows;
  if (rows.every((row) => values[row] === values[first])) return false;
  const seen = new Map<string, ConditionValue>();
  return rows.some((row) => {
    const key = fixed.map((column) => column[row]).join(' ');
    const before = seen.get(key) ?? values[row];
    seen.set(key, before);
    return before !== values[row];
  });
}

/** Rows that were measured under one condition. */
export interface ConditionRows {
  readonly condition: Condition;
  readonly rows: readonly number[];
}

/** Rows by their condition, in the order of the values. */
export function splitByCondition(rows: readonly number[], conditions: ConditionColumns): ConditionRows[] {
  if (conditions.size === 0) return rows.length === 0 ? [] : [{ condition: {}, rows }];
  const parts = new Map<string, { condition: Condition; rows: number[] }>();
  for (const row of rows) {
    const key = [...conditions.values()].map((column) => column[row]).join(' ');
    const part = parts.get(key) ?? { condition: conditionAt(row, conditions), rows: [] };
    part.rows.push(row);
    parts.set(key, part);
  }
  return [...parts.values()].sort((a, b) => compareConditions(a.condition, b.condition));
}

function conditionAt(row: number, conditions: ConditionColumns): Condition {
  return Object.fromEntries([...conditions].map(([name, column]) => [name, column[row]]));
}

/** By the values of the conditions, in their order. */
export function compareConditions(one: Condition, other: Condition): number {
  for (const [name, value] of Object.entries(one)) {
    if (value !== other[name]) return value < other[name] ? -1 : 1;
  }
  return 0;
}

/** As people read it: `Calib 200, range low`; empty where there is none. */
export function conditionText(condition: Condition): string {
  return Object.entries(condition)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
