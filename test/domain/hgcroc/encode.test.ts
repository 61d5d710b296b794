import { describe, expect, it } from 'vitest';
import { crcOfHalf } from '../../../src/domain/hgcroc/crc.js';
import {
  channelWord,
  commonModeWord,
  compressTot,
  encodeArchiveHeader,
  encodeHalf,
  encodeRecord,
  encodeRun,
  headerWord,
  slipHalf,
} from '../../../src/domain/hgcroc/encode.js';
import { seededRandom } from '../../../src/domain/random.js';

/** The CRC as the specification words it: bit by bit. */
function slowCrc(words: ArrayLike<number>, count: number): number {
  let crc = 0;
  for (let i = 0; i < count; i++) {
    for (let bit = 31; bit >= 0; bit--) {
      const top = (crc >>> 31) ^ ((words[i] >>> bit) & 1);
      crc = (crc << 1) ^ (top === 1 ? 0x04c11db7 : 0);
    }
  }
  return crc;
}

const header = { bunchCrossing: 44, eventCounter: 60, orbitCounter: 5 };
const channels = Array.from({ length: 37 }, (_, i) => channelWord({ adc: i, tot: 0, toa: 0 }, 'characterisation'));

describe('encoding of raw files', () => {
  it('computes the CRC as the bitwise definition does', () => {
    const random = seededRandom(7);
    for (let i = 0; i < 50; i++) {
      const words = Int32Array.from({ length: 45 }, () => random.integer(2 ** 32));
      expect(crcOfHalf(words, 3)).toBe(slowCrc(words.subarray(3), 39));
    }
  });

  it('writes the archive header of files in the field', () => {
    const bytes = Buffer.from(encodeArchiveHeader());
    expect(bytes.length).toBe(45);
    expect(bytes.toString('latin1', 8, 30)).toBe('serialization::archive');
    expect(bytes.toString('hex', 30)).toBe('0a0004080408010000000000000000');
  });

  it('places header and channel fields in their bits', () => {
    expect(headerWord({ ...header, hamming: 0b101 })).toBe(0x502c_f2d5);
    expect(channelWord({ adc: 0x155, tot: 100, toa: 3 }, 'characterisation')).toBe((0x155 << 20) | (100 << 10) | 3);
    expect(channelWord({ adc: 9, tot: 100, toa: 3, totflag: 1, adcm: 5 }, 'raw')).toBe(0x4050_2403);
    expect(channelWord({ adc: 9, tot: 600, toa: 3, totflag: 3, adcm: 5 }, 'raw')).toBe(0xc05_92c03);
    expect(commonModeWord(247, 246)).toBe(0x3dcf6);
    expect([511, 512, 4088].map(compressTot)).toEqual([511, 0x240, 0x3ff]);
  });

  it('makes records of the documented sizes, and cuts the last 40 bytes on demand', () => {
    const half = encodeHalf(header, 0, channels);
    const record = { event: 1, chip: 2, halves: [half, half] as const };
    expect(encodeRecord(record, 'split').length).toBe(392);
    expect(encodeRecord(record, 'joined').length).toBe(352);
    expect(encodeRun([record, record], { layout: 'split', cutTail: true }).length).toBe(45 + 392 + 352);
    const trigger = { ...record, trigger: [new Uint32Array(4)], latency: new Uint32Array(20) };
    expect(encodeRecord(trigger, 'joined').length).toBe(352 + 16 + 80);
  });

  it('slips a link by two bits as seen in the field: header 4…4, idle B3333332', () => {
    const slipped = slipHalf(encodeHalf(header, commonModeWord(247, 246), channels), 2);
    expect(slipped[0] >>> 28).toBe(4);
    expect(slipped[0] & 15).toBe(4);
    expect(slipped[40]).toBe(0xb3333332);
  });
});
