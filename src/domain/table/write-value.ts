import type { Scalar } from '../config/value.js';
import type { ColumnType } from './schema.js';

const utf8 = new TextEncoder();

/** Writes one value of a packed row, little-endian. */
export type ValueWriter = (view: DataView, at: number, value: Scalar | undefined) => void;

/**
 * The writer of a column type. Where there is no value, it writes −1 (NaN for fractions, the empty text; 0 in unsigned
 * columns of tables of 2.0.0, which only a chip outside the configuration can need). Text that is too long is cut.
 */
export function valueWriter(type: ColumnType): ValueWriter {
  if (typeof type !== 'string') return textWriter(type.text);
  if (type === 'i64') return (view, at, value) => view.setBigInt64(at, BigInt(Math.trunc(numberOf(value, -1))), true);
  const none = type === 'f32' || type === 'f64' ? NaN : type.startsWith('u') ? 0 : -1;
  const set = setters[type];
  return (view, at, value) => set(view, at, numberOf(value, none));
}

type NumberSetter = (view: DataView, at: number, value: number) => void;

const setters: Record<Exclude<Extract<ColumnType, string>, 'i64'>, NumberSetter> = {
  i8: (view, at, value) => view.setInt8(at, value),
  u8: (view, at, value) => view.setUint8(at, value),
  i16: (view, at, value) => view.setInt16(at, value, true),
  u16: (view, at, value) => view.setUint16(at, value, true),
  i32: (view, at, value) => view.setInt32(at, value, true),
  u32: (view, at, value) => view.setUint32(at, value, true),
  u64: (view, at, value) => view.setBigUint64(at, BigInt(Math.trunc(value)), true),
  f32: (view, at, value) => view.setFloat32(at, value, true),
  f64: (view, at, value) => view.setFloat64(at, value, true),
};

function numberOf(value: Scalar | undefined, none: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'boolean' ? Number(value) : none;
}

function textWriter(length: number): ValueWriter {
  return (view, at, value) => {
    const field = new Uint8Array(view.buffer, view.byteOffset + at, length);
    field.fill(0);
    if (value !== undefined && value !== null) utf8.encodeInto(String(value), field);
  };
}
