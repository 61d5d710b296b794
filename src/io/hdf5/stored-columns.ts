import type { Column, ColumnData, ColumnType } from '../../domain/table/schema.js';
import type { Hdf5Type } from './hdf5-file.js';

/** A column as it lies in a row on disk. */
export interface StoredColumn extends Column {
  readonly offset: number;
  readonly width: number;
  readonly bigEndian: boolean;
}

/** Members of a compound that have no column type of ours. */
export interface SkippedColumn {
  readonly name: string;
  readonly reason: string;
}

type Member = NonNullable<Hdf5Type['compound_type']>['members'][number];

/** HDF5's numbers for the classes of types. */
const classes = { integer: 0, float: 1, string: 3, enumeration: 8 } as const;

/** Columns of a compound type, and the members that are none. */
export function storedColumns(type: Hdf5Type): { columns: StoredColumn[]; skipped: SkippedColumn[] } {
  const columns: StoredColumn[] = [];
  const skipped: SkippedColumn[] = [];
  for (const member of type.compound_type?.members ?? []) {
    const found = columnType(member);
    const { name, offset, size } = member;
    if (found === undefined) skipped.push({ name, reason: `HDF5 type of class ${member.type} with ${size} bytes` });
    else columns.push({ name, type: found, offset, width: size, bigEndian: isNumber(found) && !member.littleEndian });
  }
  return { columns, skipped };
}

/** Texts have no byte order, which h5wasm tells as "not little-endian". */
function isNumber(type: ColumnType): boolean {
  return typeof type === 'string';
}

function columnType(member: Member): ColumnType | undefined {
  if (member.type === classes.string && !member.vlen) return { text: member.size };
  if (member.type === classes.float) return ({ 4: 'f32', 8: 'f64' } as const)[member.size];
  if (member.type === classes.enumeration) return member.size === 1 ? 'i8' : undefined; // h5py's booleans
  if (member.type !== classes.integer) return undefined;
  if (member.signed) return ({ 1: 'i8', 2: 'i16', 4: 'i32', 8: 'i64' } as const)[member.size];
  return ({ 1: 'u8', 2: 'u16', 4: 'u32' } as const)[member.size];
}

/** One column out of rows of `rowBytes` bytes, as its own typed array. */
export function extractColumn(rows: Uint8Array, rowBytes: number, column: StoredColumn): ColumnData {
  const count = rowBytes === 0 ? 0 : rows.length / rowBytes;
  const bytes = gather(rows, count, rowBytes, column);
  if (typeof column.type !== 'string') return texts(bytes, count, column.type.text);
  const buffer = bytes.buffer;
  const views = {
    i8: () => new Int8Array(buffer),
    u8: () => new Uint8Array(buffer),
    i16: () => new Int16Array(buffer),
    u16: () => new Uint16Array(buffer),
    i32: () => new Int32Array(buffer),
    u32: () => new Uint32Array(buffer),
    i64: () => new BigInt64Array(buffer),
    f32: () => new Float32Array(buffer),
    f64: () => new Float64Array(buffer),
  };
  return views[column.type]();
}

/** The column's bytes back to back; byte by byte, because members of a packed row are not aligned. */
function gather(
  rows: Uint8Array,
  count: number,
  rowBytes: number,
  { offset, width, bigEndian }: StoredColumn,
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * width);
  for (let byte = 0; byte < width; byte++) {
    const from = offset + (bigEndian ? width - 1 - byte : byte);
    for (let row = 0, at = from, to = byte; row < count; row++, at += rowBytes, to += width) bytes[to] = rows[at];
  }
  return bytes;
}

const utf8 = new TextDecoder();

function texts(bytes: Uint8Array, count: number, width: number): string[] {
  return Array.from({ length: count }, (_, row) => {
    const text = bytes.subarray(row * width, (row + 1) * width);
    const end = text.indexOf(0);
    return utf8.decode(end < 0 ? text : text.subarray(0, end));
  });
}
