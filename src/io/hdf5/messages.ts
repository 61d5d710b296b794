import { ByteWriter, pad8, undefinedAddress } from './byte-writer.js';
import { stringDatatype } from './datatype.js';

/** One message of an object header; `body` without the padding to 8 bytes. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly body: Uint8Array;
}

const types = {
  dataspace: 0x01,
  datatype: 0x03,
  fillValue: 0x05,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  symbolTable: 0x11,
} as const;

/** Flag of messages that never change while the object lives. */
const constant = 1;

const scalarSpace = new ByteWriter().u8(1, 0, 0).zeros(5).finish();

export function scalarDataspace(): Message {
  return { type: types.dataspace, flags: 0, body: scalarSpace };
}

/** One dimension of `rows` rows that may grow without limit. */
export function extendibleDataspace(rows: number): Message {
  const body = new ByteWriter().u8(1, 1, 1).zeros(5).u64(rows).u64(undefinedAddress).finish();
  return { type: types.dataspace, flags: 0, body };
}

export function datatype(encoded: Uint8Array): Message {
  return { type: types.datatype, flags: constant, body: encoded };
}

/** Fill value of zeros, written where a value was never set; space is allocated late (contiguous) or chunk by chunk. */
export function zeroFill(allocation: 'late' | 'incremental'): Message {
  const whenSet = 2;
  const body = new ByteWriter().u8(2, allocation === 'late' ? 2 : 3, whenSet, 1).u32(0);
  return { type: types.fillValue, flags: constant, body: body.finish() };
}

/** Chunks of `chunkRows` rows of `rowBytes` bytes, found through the B-tree at `index`. */
export function chunkedLayout(index: number | bigint, chunkRows: number, rowBytes: number): Message {
  const body = new ByteWriter().u8(3, 2, 2).u64(index).u32(chunkRows).u32(rowBytes);
  return { type: types.layout, flags: 0, body: body.finish() };
}

export function contiguousLayout(address: number | bigint, bytes: number): Message {
  return { type: types.layout, flags: 0, body: new ByteWriter().u8(3, 1).u64(address).u64(bytes).finish() };
}

/** Byte shuffle by elements of `rowBytes`, then deflate. */
export function shuffleDeflate(rowBytes: number, level: number): Message {
  const writer = new ByteWriter().u8(1, 2).zeros(6);
  for (const [id, name, value] of [
    [2, 'shuffle', rowBytes],
    [1, 'deflate', level],
  ] as const) {
    // an odd number of client values (one) is padded to 8 bytes; both names are 8 bytes with their null
    writer.u16(id).u16(8).u16(1).u16(1).text(name).u32(value).zeros(4);
  }
  return { type: types.filters, flags: constant, body: writer.finish() };
}

/** A scalar attribute of any type. */
export function attribute(name: string, encodedType: Uint8Array, value: Uint8Array): Message {
  const nameField = new ByteWriter().text(name).finish();
  const body = new ByteWriter()
    .u8(1, 0)
    .u16(nameField.length)
    .u16(encodedType.length)
    .u16(scalarSpace.length)
    .bytes(nameField)
    .align()
    .bytes(encodedType)
    .zeros(pad8(encodedType.length) - encodedType.length)
    .bytes(scalarSpace)
    .bytes(value);
  return { type: types.attribute, flags: 0, body: body.finish() };
}

/** A fixed-length string, null-terminated: without room for the null, readers lose the last character. */
export function textAttribute(name: string, text: string): Message {
  const value = new ByteWriter().text(text).finish();
  const utf8 = value.some((byte) => byte > 0x7f);
  return attribute(name, stringDatatype({ bytes: value.length, padding: 'terminated', utf8 }), value);
}

export function symbolTable(tree: number, heap: number): Message {
  return { type: types.symbolTable, flags: 0, body: new ByteWriter().u64(tree).u64(heap).finish() };
}
