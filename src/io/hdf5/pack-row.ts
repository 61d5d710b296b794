import { columnWidth, rowSize, type ColumnType, type TableSchema } from '../../domain/table/schema.js';

const utf8 = new TextEncoder();

/** One row of a small table from one value per column; text that is too long is cut. Big tables are packed by column. */
export function packRow(schema: TableSchema, values: readonly (number | string)[]): Uint8Array {
  const row = new Uint8Array(rowSize(schema));
  const view = new DataView(row.buffer);
  let at = 0;
  schema.columns.forEach(({ type }, index) => {
    const value = values[index];
    if (typeof type !== 'string') utf8.encodeInto(String(value), row.subarray(at, at + type.text));
    else setNumber(view, at, type, Number(value));
    at += columnWidth(type);
  });
  return row;
}

function setNumber(view: DataView, at: number, type: Extract<ColumnType, string>, value: number): void {
  const setters = {
    i8: () => view.setInt8(at, value),
    u8: () => view.setUint8(at, value),
    i16: () => view.setInt16(at, value, true),
    u16: () => view.setUint16(at, value, true),
    i32: () => view.setInt32(at, value, true),
    u32: () => view.setUint32(at, value, true),
    i64: () => view.setBigInt64(at, BigInt(value), true),
    u64: () => view.setBigUint64(at, BigInt(value), true),
    f32: () => view.setFloat32(at, value, true),
    f64: () => view.setFloat64(at, value, true),
  };
  setters[type]();
}
