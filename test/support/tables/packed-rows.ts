import { columnWidth, rowSize, type ColumnType, type TableSchema } from '../../../src/domain/table/schema.js';

/** Packed rows as objects, column by column as the HDF5 compound type has them. */
export function unpackRows(schema: TableSchema, bytes: Uint8Array): Record<string, number | string>[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / rowSize(schema) }, (_, row) => {
    let at = row * rowSize(schema);
    return Object.fromEntries(
      schema.columns.map(({ name, type }) => {
        const value = readValue(view, at, type);
        at += columnWidth(type);
        return [name, value];
      }),
    );
  });
}

function readValue(view: DataView, at: number, type: ColumnType): number | string {
  if (typeof type !== 'string') {
    const text = Buffer.from(view.buffer, view.byteOffset + at, type.text).toString();
    return text.replace(/\0+$/, '');
  }
  const readers = {
    i8: () => view.getInt8(at),
    u8: () => view.getUint8(at),
    i16: () => view.getInt16(at, true),
    u16: () => view.getUint16(at, true),
    i32: () => view.getInt32(at, true),
    u32: () => view.getUint32(at, true),
    i64: () => Number(view.getBigInt64(at, true)),
    u64: () => Number(view.getBigUint64(at, true)),
    f32: () => view.getFloat32(at, true),
    f64: () => view.getFloat64(at, true),
  };
  return readers[type]();
}
