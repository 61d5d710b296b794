import { describe, expect, it } from 'vitest';
import { encodeRun, slipHalf } from '../../../src/domain/hgcroc/encode.js';
import { RawDecoder } from '../../../src/domain/hgcroc/raw-decoder.js';
import { seededRandom } from '../../../src/domain/random.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import { decodeSummary } from '../../support/raw/decode.js';
import { generateRecords } from '../../support/raw/raw-runs.js';
import { slowRecords, slowSummary, type SlowRow } from '../../support/raw/slow-decoder.js';

function expectClose(actual: readonly SlowRow[], expected: readonly SlowRow[]): void {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((row, i) => {
    expect(Object.keys(actual[i]).sort()).toEqual(Object.keys(row).sort());
    for (const [name, value] of Object.entries(row)) {
      const tolerance = /_mean|_stdd|efficiency|corruption/.test(name) ? 1e-9 * Math.max(1, Math.abs(value)) : 0;
      expect(Math.abs(actual[i][name] - value), `row ${i}, ${name}`).toBeLessThanOrEqual(tolerance);
    }
  });
}

describe('summaries', () => {
  it.each([1, 2, 3, 4, 5, 50])('of %i events are what sorting gives', (events) => {
    const bytes = encodeRun(generateRecords({ events, seed: events }), { layout: 'split' });
    expectClose(decodeSummary(bytes).rows, slowSummary(slowRecords(bytes)));
  });

  it('of arbitrary words, with all corruption bits, are what sorting gives', () => {
    const random = seededRandom(3);
    const records = generateRecords({ events: 60, chips: 2 });
    for (const { halves } of records) {
      for (const half of halves) {
        if (random.integer(3) === 0) half.forEach((_, i) => (half[i] = random.integer(2 ** 32)));
        if (random.integer(5) === 0) half.set(slipHalf(half, 2));
        if (random.integer(5) === 0) half[0] ^= random.integer(8) << 4;
      }
    }
    const bytes = encodeRun(records, { layout: 'joined' });
    expectClose(decodeSummary(bytes).rows, slowSummary(slowRecords(bytes)));
  });

  it('of chips that occur in different numbers of records count each by its own', () => {
    const records = generateRecords({ events: 9, chips: 3 }).filter((_, i) => i % 5 !== 0);
    const renumbered = records.map((record) => ({ ...record, chip: 5 - record.chip }));
    const bytes = encodeRun(renumbered, { layout: 'split' });
    const { rows } = decodeSummary(bytes);
    expect([rows[0], rows[78], rows[156]].map((row) => row['chip'])).toEqual([3, 4, 5]);
    expectClose(rows, slowSummary(slowRecords(bytes)));
  });

  it('do not change when a counter is used again', () => {
    const counter = new SummaryCounter();
    const first = encodeRun(generateRecords({ events: 20, seed: 8 }), { layout: 'split' });
    const second = encodeRun(generateRecords({ events: 5, chips: 2, seed: 9 }), { layout: 'split' });
    decodeSummary(first, counter);
    counter.reset();
    expect(decodeSummary(second, counter).rows).toEqual(decodeSummary(second).rows);
  });

  it('stay exact beyond what 16-bit counts hold', () => {
    const events = 40;
    const bytes = encodeRun(generateRecords({ events, chips: 1 }), { layout: 'split' });
    const counter = new SummaryCounter();
    const decoder = new RawDecoder([counter]);
    const times = 2000;
    decoder.push(bytes);
    for (let i = 1; i < times; i++) decoder.push(bytes.subarray(45));
    expect(decoder.end()).toMatchObject({ records: events * times, events });
    const { data } = summarize(counter);
    const expected = slowSummary(slowRecords(bytes));
    for (const name of ['adc_median', 'adc_mean', 'tot_stdd', 'toa_mean', 'tot_efficiency', 'corruption']) {
      expected.forEach((row, i) => expect(data.get(name)?.[i], name).toBeCloseTo(row[name], 9));
    }
  });
});
