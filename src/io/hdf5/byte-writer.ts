/** Addresses and lengths that HDF5 calls undefined: all bits set. */
export const undefinedAddress = 0xffffffffffffffffn;

const utf8 = new TextEncoder();

/** The length rounded up to a multiple of 8: HDF5 aligns messages, names and heap entries so. */
export function pad8(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** Little-endian bytes that grow as they are written; every method returns the writer, so that a record reads as a list. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  u8(...values: readonly number[]): this {
    const at = this.#take(values.length); // first: taking may replace the view
    values.forEach((value, index) => this.#view.setUint8(at + index, value));
    return this;
  }

  u16(value: number): this {
    const at = this.#take(2);
    this.#view.setUint16(at, value, true);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    this.#view.setUint32(at, value, true);
    return this;
  }

  /** Offsets and lengths take 8 bytes everywhere; a number is exact up to 2^53. */
  u64(value: number | bigint): this {
    const at = this.#take(8);
    this.#view.setBigUint64(at, BigInt(value), true);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** Text in UTF-8 and one null byte. */
  text(text: string): this {
    return this.bytes(utf8.encode(text)).u8(0);
  }

  zeros(count: number): this {
    this.#take(count);
    return this;
  }

  /** Zeros up to the next multiple of 8 of the bytes written so far. */
  align(): this {
    return this.zeros(pad8(this.#length) - this.#length);
  }

  /** The bytes written, as their own copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #take(count: number): number {
    const at = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
