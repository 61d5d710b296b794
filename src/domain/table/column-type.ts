import type { ColumnType } from './schema.js';

/**
 * Integers of a table's columns are signed, so that users' differences are what they look like: numpy takes 300 from
 * a `u16` of 291 and has 65527. Up to 2.0.0 those that are never negative were unsigned (`unsigned`).
 */
export const allIntegerTypes = ['signed', 'unsigned'] as const;
export type IntegerTypes = (typeof allIntegerTypes)[number];

/** Inclusive bounds of integers, tightest type first. */
const integers: readonly (readonly [Extract<ColumnType, string>, number, number])[] = [
  ['u8', 0, 0xff],
  ['i8', -0x80, 0x7f],
  ['u16', 0, 0xffff],
  ['i16', -0x8000, 0x7fff],
  ['u32', 0, 0xffff_ffff],
  ['i32', -0x8000_0000, 0x7fff_ffff],
];

/** The values that a column must be able to hold, gathered one by one. */
export class ValueRange {
  private min = Infinity;
  private max = -Infinity;
  private textBytes = -1;
  private allIntegers = true;
  private allSingles = true;
  private missing = false;

  add(value: string | number | boolean): void {
    if (typeof value === 'string') this.textBytes = Math.max(this.textBytes, utf8Bytes(value));
    else this.addNumber(Number(value));
  }

  /** A channel may have no value: then −1 (of numbers), NaN (of fractions) or the empty text stands for it. */
  addMissing(): void {
    this.missing = true;
  }

  /** The smallest type that holds all values; of numbers among texts their text. */
  type(types: IntegerTypes = 'signed'): ColumnType {
    if (this.textBytes >= 0) return { text: Math.max(1, this.textBytes, longestNumber(this.min, this.max)) };
    if (!this.allIntegers) return this.allSingles ? 'f32' : 'f64';
    const min = this.missing ? Math.min(-1, this.min) : this.min;
    const max = this.missing ? Math.max(-1, this.max) : this.max;
    if (min > max) return 'i8'; // no value at all
    const allowed = integers.filter(([type]) => types === 'unsigned' || type.startsWith('i'));
    return allowed.find(([, least, most]) => min >= least && max <= most)?.[0] ?? 'i64';
  }

  private addNumber(value: number): void {
    this.min = Math.min(this.min, value);
    this.max = Math.max(this.max, value);
    this.allIntegers &&= Number.isSafeInteger(value);
    this.allSingles &&= Object.is(Math.fround(value), value);
  }
}

/** A number among texts is written in at most this many characters. */
function longestNumber(min: number, max: number): number {
  return min > max ? 0 : 24;
}

function utf8Bytes(text: string): number {
  return new TextEncoder().encode(text).length;
}
