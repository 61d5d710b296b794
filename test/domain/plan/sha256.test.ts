import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256, sha256Words, toHex } from '../../../src/domain/plan/sha256.js';

const reference = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');

it('hashes text as the standard says', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => toHex(sha256(text)) === reference(text)),
  );
  for (const length of [0, 55, 56, 63, 64, 65, 119, 120]) {
    expect(toHex(sha256('x'.repeat(length)))).toBe(reference('x'.repeat(length)));
  }
});

it('hashes words as their big-endian bytes', () => {
  const words = fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 13 });
  fc.assert(
    fc.property(words, (list) => {
      const bytes = Buffer.alloc(4 * list.length);
      list.forEach((word, index) => bytes.writeUInt32BE(word, 4 * index));
      expect(toHex(sha256Words(list))).toBe(reference(bytes));
    }),
  );
  expect(() => sha256Words(new Array<number>(14).fill(0))).toThrow(RangeError);
});
