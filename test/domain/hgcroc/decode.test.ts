import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventOrder, summaryOrder } from '../../../src/domain/hgcroc/channels.js';
import { encodeRun, slipHalf, type RawRecord } from '../../../src/domain/hgcroc/encode.js';
import { triggerPulse } from '../../../src/domain/hgcroc/event-columns.js';
import { expectedTable, recordedFolder, recordedPath } from '../../support/raw/recorded-data.js';
import { decodeEvents } from '../../support/raw/decode.js';
import { generateRecords } from '../../support/raw/raw-runs.js';
import { slowEventRows, slowRecords } from '../../support/raw/slow-decoder.js';

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const half = fc.array(word, { minLength: 41, maxLength: 41 }).map((words) => Uint32Array.from(words));
const words = (count: number) => fc.array(word, { minLength: count, maxLength: count }).map((w) => Uint32Array.from(w));

/** Any record: arbitrary words, so also corrupt headers; joined with or without trigger words, split with any. */
const record = (layout: 'split' | 'joined'): fc.Arbitrary<RawRecord> =>
  fc.record({
    event: fc.integer({ min: 0, max: 1000 }),
    chip: fc.integer({ min: 0, max: 5 }),
    halves: fc.tuple(half, half),
    trigger: layout === 'joined' ? fc.constantFrom([], [new Uint32Array(4)]) : fc.array(words(3), { maxLength: 4 }),
    latency: fc.oneof(words(0), words(20)),
  });

describe.each(['split', 'joined'] as const)('decoding of %s records', (layout) => {
  it.each(['characterisation', 'raw'] as const)(
    'gives what was encoded, in %s words and pieces of any size',
    (format) => {
      const records = fc.array(record(layout), { minLength: 1, maxLength: 8 });
      const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 5 });
      fc.assert(
        fc.property(records, sizes, (content, pieces) => {
          const bytes = encodeRun(content, { layout });
          const { facts, rows } = decodeEvents(bytes, format, pieces);
          const expected = content.map(({ event, chip, halves, latency }) => ({
            event,
            chip,
            halves: halves.map((words) => [...words]),
            latency: [...(latency ?? [])],
          }));
          expect(rows).toEqual(slowEventRows(expected, format));
          expect(facts).toMatchObject({ records: content.length, truncatedBytes: 0, warnings: [] });
          expect(facts.events).toBe(new Set(content.map(({ event }) => event)).size);
          expect(facts.chips).toEqual([...new Set(content.map(({ chip }) => chip))].sort());
        }),
        { numRuns: 60, seed: 1 },
      );
    },
  );

  it('goes over block boundaries without losing or changing a record', () => {
    const bytes = encodeRun(generateRecords({ events: 130, format: 'raw' }), { layout });
    const { facts, rows } = decodeEvents(bytes, 'raw', [20_001]);
    expect(facts).toMatchObject({ events: 130, records: 390, truncatedBytes: 0 });
    expect(rows).toEqual(slowEventRows(slowRecords(bytes), 'raw'));
  });

  it('keeps all whole records and counts the rest, wherever the file is cut', () => {
    const records = generateRecords({ events: 2, chips: 2, triggers: layout === 'joined' });
    const bytes = encodeRun(records, { layout });
    const size = (bytes.length - 45) / records.length;
    for (let length = 45; length < bytes.length; length += 3) {
      const { facts } = decodeEvents(bytes.subarray(0, length), 'characterisation');
      const whole = Math.floor((length - 45) / size);
      const expected = { records: whole, events: Math.ceil(whole / 2), truncatedBytes: length - 45 - whole * size };
      expect(facts, `cut at ${length}`).toMatchObject({ ...expected, warnings: [] });
    }
  });
});

describe('corruption', () => {
  it('is flagged by header, CRC and Hamming bits, and counted', () => {
    const [first, second, third, fourth] = generateRecords({ events: 4, chips: 1 });
    slipInPlace(first.halves[1]);
    second.halves[0][5] ^= 1 << 20;
    third.halves[0][0] |= 0b111 << 4;
    const { facts, rows } = decodeEvents(
      encodeRun([first, second, third, fourth], { layout: 'split' }),
      'characterisation',
    );
    expect([0, 39, 78, 117, 156, 195, 234].map((row) => rows[row]['corruption'])).toEqual([0, 7, 2, 0, 30, 0, 0]);
    expect(facts.corruptHalves).toBe(3);
  });
});

function slipInPlace(words: Uint32Array): void {
  words.set(slipHalf(words, 2));
}

describe('trigger latency', () => {
  it.each([
    [[], -1, 0],
    [[0, 0], -1, 0],
    [[0x80000000, 0], 0, 1],
    [[0, 0x0000ff00], 48, 8],
    [[1, 0xffffffff], 31, 33],
  ])('%j: first set bit %i, %i bits set', (latency, time, width) => {
    expect(triggerPulse(Int32Array.from(latency), 0, latency.length)).toEqual({ time, width });
  });
});

describe('the map of channels', () => {
  it('lists 72 channels, 2 calibration and 4 common-mode channels in summary order', () => {
    const text = summaryOrder.map(({ type, channel, half }) => `${type}:${channel}:${half}`);
    expect(text).toHaveLength(78);
    expect(text.slice(0, 2)).toEqual(['0:0:0', '0:1:0']);
    expect(text.slice(35, 37)).toEqual(['0:35:0', '0:36:1']);
    expect(text.slice(71)).toEqual(['0:71:1', '1:0:0', '1:1:1', '100:0:0', '100:1:0', '100:2:1', '100:3:1']);
  });

  it('looks up the configuration of an event row by channel and half', () => {
    const text = eventOrder.map(({ type, channel, half }) => `${type}:${channel}:${half}`);
    expect(text.slice(0, 4)).toEqual(['100:0:0', '100:1:0', '0:0:0', '0:1:0']);
    expect(text.slice(19, 22)).toEqual(['0:17:0', '1:0:0', '0:18:0']);
    expect(text.slice(38, 43)).toEqual(['0:35:0', '100:2:1', '100:3:1', '0:36:1', '0:37:1']);
    expect(text.slice(59)[0]).toBe('1:1:1');
    expect(text.at(-1)).toBe('0:71:1');
  });
});

describe.skipIf(recordedFolder === undefined)('recorded events (skipped without DATENRAFFINERIE_TEST_DATA)', () => {
  it('begin as expected in run 112', () => {
    const { rows } = decodeEvents(readFileSync(recordedPath(112)), 'characterisation');
    const expected = expectedTable('test_run_112.events-head.csv');
    for (const [name, values] of expected) {
      expect(
        values.map((_, row) => rows[row][name]),
        name,
      ).toEqual(values);
    }
  });

  it('of run 51 are those that the slow decoder reads, corruption included', () => {
    const bytes = readFileSync(recordedPath(51)).subarray(0, 45 + 392 * 400);
    const { rows } = decodeEvents(bytes, 'characterisation');
    expect(rows).toEqual(slowEventRows(slowRecords(bytes), 'characterisation'));
  });
});
