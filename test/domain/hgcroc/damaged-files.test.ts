import { describe, expect, it } from 'vitest';
import { encodeArchiveHeader, encodeRun } from '../../../src/domain/hgcroc/encode.js';
import { inspectRaw } from '../../support/raw/inspect.js';
import { DatenraffinerieError } from '../../../src/domain/errors.js';
import { seededRandom } from '../../../src/domain/random.js';
import { decodeEvents, decodeSummary } from '../../support/raw/decode.js';
import { generateRecords } from '../../support/raw/raw-runs.js';

const split = encodeRun(generateRecords({ events: 6 }), { layout: 'split' });
const joined = encodeRun(generateRecords({ events: 6, triggers: true }), { layout: 'joined' });

function withCount(bytes: Uint8Array, offset: number, count: bigint): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setBigUint64(offset, count, true);
  return copy;
}

describe('the archive header', () => {
  it.each([
    ['an empty file', new Uint8Array(0), /the file is empty/],
    ['a text', Buffer.from('hello world, this is no raw file at all, not a bit of it'), /no raw file.*byte 0 is 68/],
    ['a header cut in the signature', split.subarray(0, 12), /ends within the archive header, after 12 bytes/],
    ['a header cut in the sizes', split.subarray(0, 35), /ends within the archive header, after 35 bytes/],
    ['a header cut before the first record', split.subarray(0, 44), /ends within the archive header, after 44 bytes/],
  ])('of %s is refused', (_, bytes, message) => {
    expect(() => inspectRaw(bytes)).toThrow(message);
    expect(() => inspectRaw(bytes)).toThrow(DatenraffinerieError);
  });

  it.each([
    ['other sizes', 32, [4, 4, 4, 8], /library version 10\).*sizes 4 8 4 8.*found 04 04 04 08 01/],
    ['another byte order', 36, [0, 0, 0, 1], /byte-order probe/],
  ])('with %s is refused, naming the version', (_, offset, values, message) => {
    const bytes = split.slice();
    bytes.set(values, offset);
    expect(() => inspectRaw(bytes)).toThrow(message);
  });

  it.each([
    ['version 17, as wide as 10', 17, 32, 5],
    ['version 6, with a class version of two bytes', 6, 32, 3],
    ['version 7, with a class version of one byte', 7, 32, 2],
    ['version 19, with four bytes more before the sizes', 19, 36, 5],
    ['version 19, with twelve bytes after the probe', 19, 32, 12],
  ])('of %s is read', (_, version, sizesAt, classWidth) => {
    const header = new Uint8Array(sizesAt + 8 + classWidth);
    header.set(encodeArchiveHeader(version).subarray(0, 32));
    header.set([4, 8, 4, 8, 1], sizesAt);
    const bytes = Buffer.concat([header, split.subarray(45)]);
    expect(inspectRaw(bytes)).toMatchObject({ events: 6, records: 18, truncatedBytes: 0 });
  });

  it('alone is a run of 0 events', () => {
    const facts = inspectRaw(split.subarray(0, 45));
    expect(facts).toEqual({ events: 0, records: 0, chips: [], truncatedBytes: 0, corruptHalves: 0, warnings: [] });
    expect(decodeSummary(split.subarray(0, 45)).rows).toEqual([]);
  });
});

describe('count fields that lie', () => {
  const splitCounts = [8, 180, 352, 360, 368, 376, 384];
  const joinedCounts = [8, 16 + 4 * 86];
  const cases = [
    ...splitCounts.map((at) => ['split', split, 45 + 392 * 7, at] as const),
    ...joinedCounts.map((at) => ['joined', joined, 45 + 448 * 7, at] as const),
  ];
  it.each(cases)('%s: end decoding there and are told with their offset', (_, bytes, record, at) => {
    for (const count of [2n ** 60n, 2n ** 63n, 2n ** 32n + 41n, 1_000_000n, 42n * 1000n]) {
      const facts = inspectRaw(withCount(bytes, record + at, count));
      expect(facts).toMatchObject({ records: 7, events: 3, truncatedBytes: bytes.length - record });
      expect(facts.warnings).toHaveLength(1);
      expect(facts.warnings[0]).toContain(`offset ${record} is damaged (a vector's count is ${count},`);
    }
  });

  it('in the first record leave no event and a warning', () => {
    const facts = inspectRaw(withCount(split, 53, 2n ** 60n));
    expect(facts).toMatchObject({ records: 0, events: 0, truncatedBytes: split.length - 45 });
    expect(facts.warnings[0]).toMatch(/record at offset 45 is damaged/);
  });

  it('that reach past the end where more follows than a record has are told', () => {
    const facts = inspectRaw(withCount(split, 45 + 392 * 16 + 352, 250n));
    expect(facts).toMatchObject({ records: 16, truncatedBytes: 784 });
    expect(facts.warnings[0]).toMatch(/record at offset 6317 reaches past the end/);
  });
});

describe('a damaged file', () => {
  it('with more chips than a board has is refused', () => {
    const [record] = generateRecords({ events: 1, chips: 1 });
    const records = Array.from({ length: 70 }, (_, chip) => ({ ...record, chip: 1000 * chip }));
    expect(() => inspectRaw(encodeRun(records, { layout: 'split' }))).toThrow(/more than 64 chips/);
  });

  it('of any kind gives flagged rows or a clear error', () => {
    const random = seededRandom(500);
    let decoded = 0;
    for (let i = 0; i < 500; i++) {
      const bytes = mutate(i % 2 === 0 ? split : joined, random.integer);
      try {
        const { facts, rows } = decodeEvents(bytes, i % 3 === 0 ? 'raw' : 'characterisation');
        const summary = decodeSummary(bytes);
        decoded++;
        expect(rows).toHaveLength(78 * facts.records);
        expect(summary.rows).toHaveLength(78 * facts.chips.length);
        expect(summary.facts).toEqual(facts);
        expect(facts.truncatedBytes).toBeGreaterThanOrEqual(0);
        expect(facts.truncatedBytes).toBeLessThanOrEqual(bytes.length);
        const flagged = rows.filter((row, at) => at % 39 === 0 && row['corruption'] !== 0).length;
        expect(facts.corruptHalves).toBe(flagged);
        // more than a record can have is never left out without a word
        if (facts.truncatedBytes > 500) expect(facts.warnings).toHaveLength(1);
      } catch (error) {
        if (!(error instanceof DatenraffinerieError)) throw error;
        expect(error.type).toBe('DataError');
      }
    }
    expect(decoded).toBeGreaterThan(300);
  });
});

/** Bytes changed, cut, removed or repeated at random places. */
function mutate(bytes: Uint8Array, integer: (below: number) => number): Uint8Array {
  const copy = bytes.slice();
  const at = integer(bytes.length);
  switch (integer(5)) {
    case 0:
      return copy.subarray(0, at);
    case 1:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(bytes.length, at + integer(500)))]);
    case 2:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(Math.max(0, at - integer(500)))]);
    case 3:
      return copy.fill(integer(256), at, at + integer(64));
    default:
      for (let i = 0; i < 1 + integer(20); i++) copy[integer(bytes.length)] = integer(256);
      return copy;
  }
}
