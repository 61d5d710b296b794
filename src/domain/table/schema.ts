/**
 * Room: a table's columns and rows as bytes: layout, types, packing, configuration columns.
 * May use: domain, domain/config, domain/hgcroc, domain/summary.
 */

/** Types a table's column may have, little-endian in packed rows; `text` is null-padded UTF-8 of `length` bytes. */
export type ColumnType =
  'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64' | { readonly text: number };

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  readonly unit?: string;
  /** What its values say that unit and label do not: codes, what stands for nothing. Only in tables for people. */
  readonly meaning?: string;
  readonly label?: string;
}

/** The columns of a table in the order of the packed row (measured columns first, then configuration columns). */
export interface TableSchema {
  readonly columns: readonly Column[];
}

/**
 * Packed rows: `rows` rows of `rowSize(schema)` bytes back to back, members in schema order without padding.
 * The very bytes of the HDF5 compound type, of a part between `process` and `merge`, and of a worker's message.
 */
export interface PackedRows {
  readonly schema: TableSchema;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

const widths = { i8: 1, u8: 1, i16: 2, u16: 2, i32: 4, u32: 4, i64: 8, u64: 8, f32: 4, f64: 8 } as const;

/** Bytes a value of this type takes in a packed row. */
export function columnWidth(type: ColumnType): number {
  return typeof type === 'string' ? widths[type] : type.text;
}

/** Bytes of one packed row. */
export function rowSize(schema: TableSchema): number {
  return schema.columns.reduce((sum, column) => sum + columnWidth(column.type), 0);
}

/** Whether rows of both have the same bytes with the same meaning. */
export function sameColumns(one: TableSchema, other: TableSchema): boolean {
  return (
    one.columns.length === other.columns.length && one.columns.every((column, i) => same(column, other.columns[i]))
  );
}

function same(one: Column, other: Column): boolean {
  return (
    one.name === other.name && sameType(one.type, other.type) && one.unit === other.unit && one.label === other.label
  );
}

function sameType(one: ColumnType, other: ColumnType): boolean {
  return typeof one === 'string' || typeof other === 'string' ? one === other : one.text === other.text;
}

/** Typed array with one value per row (bigint for i64 and u64, text as a plain array). */
export type ColumnData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array
  | readonly string[];

/** Columns of a table in memory, by name; all of length `rows`. */
export interface Columns {
  readonly rows: number;
  readonly data: ReadonlyMap<string, ColumnData>;
}
