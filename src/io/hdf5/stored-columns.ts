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
const classes = { integer: 0, float: 1, string: 3, bitfield: 4, enumeration: 8 } as const;

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
  if (member.type === classes.bitfield) return member.size === 1 ? 'u8' : undefined; // PyTables' booleans
  if (member.type !== classes.integer) return undefined;
  if (member.signed) return ({ 1: 'i8', 2: 'i16', 4: 'i32', 8: 'i64' } as const)[member.size];
  return ({ 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' } as const)[member.size];
}

/** One column out of rows of `rowBytes` bytes, as its own typed array. */
export function extractColumn(rows: Uint8Array, rowBytes: number, column: StoredColumn): ColumnData {
  const builder = new ColumnBuilder(column, rowBytes, rowBytes === 0 ? 0 : rows.length / rowBytes);
  builder.add(rows);
  return builder.column();
}

/** One column of `count` rows, taken out of blocks of rows of `rowBytes` bytes. */
export class ColumnBuilder {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  #end = 0;

  constructor(
    private readonly stored: StoredColumn,
    private readonly rowBytes: number,
    private readonly count: number,
  ) {
    this.#bytes = new Uint8Array(count * stored.width);
  }

  /** The next rows; byte by byte, because members of a packed row are not aligned. */
  add(rows: Uint8Array): void {
    const { offset, width, bigEndian } = this.stored;
    for (let byte = 0; byte < width; byte++) {
      const from = offset + (bigEndian ? width - 1 - byte : byte);
      let to = this.#end + byte;
      for (let at = from; at < rows.length; at += this.rowBytes, to += width) this.#bytes[to] = rows[at];
    }
    this.#end += rows.length === 0 ? 0 : (rows.length / this.rowBytes) * width;
  }

  /** When all rows are there. */
  column(): ColumnData {
    const { type } = this.stored;
    if (typeof type !== 'string') return texts(this.#bytes, this.count, type.text);
    const buffer = this.#bytes.buffer;
    const views = {
      i8: () => new Int8Array(buffer),
      u8: () => new Uint8Array(buffer),
      i16: () => new Int16Array(buffer),
      u16: () => new Uint16Array(buffer),
      i32: () => new Int32Array(buffer),
      u32: () => new Uint32Array(buffer),
      i64: () => new BigInt64Array(buffer),
      u64: () => new BigUint64Array(buffer),
      f32: () => new Float32Array(buffer),
      f64: () => new Float64Array(buffer),
    };
    return views[type]();
  }
}

const utf8 = new TextDecoder();

function texts(bytes: Uint8Array, count: number, width: number): string[] {
  return Array.from({ length: count }, (_, row) => {
    const text = bytes.subarray(row * width, (row + 1) * width);
    const end = text.indexOf(0);
    return utf8.decode(end < 0 ? text : text.subarray(0, end));
  });
}
