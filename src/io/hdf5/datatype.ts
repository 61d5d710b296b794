import { ByteWriter } from './byte-writer.js';
import { columnWidth, rowSize, type ColumnType, type TableSchema } from '../../domain/table/schema.js';

/** Version 1 of the datatype message in the upper half of the first byte; the class in the lower half. */
const version1 = 0x10;
const classes = { fixedPoint: 0, float: 1, string: 3, compound: 6 } as const;

/** Where sign, exponent and mantissa lie in IEEE numbers: bits, and the bias of the exponent. */
const floats = {
  f32: { size: 4, exponentAt: 23, exponentBits: 8, bias: 127 },
  f64: { size: 8, exponentAt: 52, exponentBits: 11, bias: 1023 },
} as const;

/** Character set and padding of a string type. */
export interface StringType {
  readonly bytes: number;
  /** Null-terminated needs room for the null; null-padded does not. */
  readonly padding: 'terminated' | 'padded';
  readonly utf8: boolean;
}

/** A fixed-length string. */
export function stringDatatype({ bytes, padding, utf8 }: StringType): Uint8Array {
  const flags = (padding === 'padded' ? 1 : 0) | (utf8 ? 0x10 : 0);
  return new ByteWriter()
    .u8(version1 | classes.string, flags, 0, 0)
    .u32(bytes)
    .finish();
}

/** A column's type as HDF5 names it: little-endian, IEEE floats, two's complement. */
export function columnDatatype(type: ColumnType): Uint8Array {
  if (typeof type !== 'string') return stringDatatype({ bytes: type.text, padding: 'padded', utf8: true });
  if (type === 'f32' || type === 'f64') return floatDatatype(type);
  const size = columnWidth(type);
  const signed = type.startsWith('i') ? 0x08 : 0;
  return new ByteWriter()
    .u8(version1 | classes.fixedPoint, signed, 0, 0)
    .u32(size)
    .u16(0) // bit offset
    .u16(8 * size)
    .finish();
}

function floatDatatype(type: 'f32' | 'f64'): Uint8Array {
  const { size, exponentAt, exponentBits, bias } = floats[type];
  const impliedLeadingBit = 0x20;
  return new ByteWriter()
    .u8(version1 | classes.float, impliedLeadingBit, 8 * size - 1, 0) // the third byte is the sign's bit
    .u32(size)
    .u16(0)
    .u16(8 * size)
    .u8(exponentAt, exponentBits, 0, exponentAt) // the mantissa is all bits below the exponent
    .u32(bias)
    .finish();
}

/** The packed row: members in schema order, without padding between them. */
export function compoundDatatype(schema: TableSchema): Uint8Array {
  const count = schema.columns.length;
  const writer = new ByteWriter().u8(version1 | classes.compound, count & 0xff, count >> 8, 0).u32(rowSize(schema));
  let offset = 0;
  for (const column of schema.columns) {
    const name = new ByteWriter().text(column.name).align().finish();
    writer.bytes(name).u32(offset).zeros(28); // no array dimensions
    writer.bytes(columnDatatype(column.type));
    offset += columnWidth(column.type);
  }
  return writer.finish();
}
