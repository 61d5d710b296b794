import { expect, test } from 'vitest';
import { meanTime } from '../../../src/analyses/data/hit-time.js';
import { wilsonInterval } from '../../../src/analyses/math/statistics.js';
import { formatUnits } from '../../../src/domain/analysis/csv.js';
import { seededRandom } from '../../../src/domain/random.js';

test("Wilson's interval has a width at 0 and 1, and never leaves 0 … 1", () => {
  expect(wilsonInterval(0, 1000)).toEqual({ low: 0, high: expect.closeTo(1 / 1001, 12) });
  expect(wilsonInterval(1, 1000)).toEqual({ low: expect.closeTo(1000 / 1001, 12), high: 1 });
  const { low, high } = wilsonInterval(0.5, 100);
  expect([low, high]).toEqual([
    expect.closeTo(0.5 - 0.05 / Math.sqrt(1.01), 10),
    expect.closeTo(0.5 + 0.05 / Math.sqrt(1.01), 10),
  ]);
});

test.each([0.02, 0.3, 0.9])('it covers an efficiency of %d in about 68 % of 1,000 toys (seed 31)', (efficiency) => {
  const random = seededRandom(31);
  const events = 400;
  const covered = Array.from({ length: 1000 }, () => {
    let passed = 0;
    for (let i = 0; i < events; i++) passed += Number(random.next() < efficiency);
    const { low, high } = wilsonInterval(passed / events, events);
    return low <= efficiency && efficiency <= high;
  }).filter(Boolean).length;
  expect(covered).toBeGreaterThan(620);
  expect(covered).toBeLessThan(760);
});

test('times are averaged around the end of their range, without those that are none', () => {
  expect(meanTime([1020, 6, NaN])).toBeCloseTo(1, 10);
  expect(meanTime([100, 200])).toBeCloseTo(150, 10);
  expect(meanTime([NaN])).toBeNaN();
});

test('a table without units has no file of them', () => {
  expect(formatUnits([{ name: 'chip', values: [0] }])).toBeUndefined();
  expect(formatUnits([{ name: 'noise', unit: 'ADC counts', values: [] }])).toBe('column,unit\nnoise,ADC counts\n');
});
