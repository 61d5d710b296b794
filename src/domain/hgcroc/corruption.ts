import { crcOfHalf } from './crc.js';
import { crcWord } from './layout.js';

/** A header word begins and ends with the nibble 5. */
const frame = 0x50000005;
const frameMask = 0xf000000f;
const hammingMask = 0b111 << 4;

/**
 * Corruption bits of the half at `at`, added up: 1 = the header does not begin and end with 5; 2 = the CRC differs;
 * 4, 8, 16 = the header's Hamming error flags. Without branches: `(x | -x) >>> 31` is 1 for all x but 0.
 */
export function corruptionOfHalf(words: Int32Array, at: number): number {
  const header = words[at];
  const misframed = (header ^ frame) & frameMask;
  const miscounted = crcOfHalf(words, at) ^ words[at + crcWord];
  return (
    ((misframed | -misframed) >>> 31) | (((miscounted | -miscounted) >>> 31) << 1) | ((header & hammingMask) >>> 2)
  );
}

/** The bits that count in a summary's `corruption`: all but the CRC's. */
export const headerCorruption = 0b11101;
