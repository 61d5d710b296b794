import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesText, countText, durationText, timeText } from '../../src/domain/quantities.js';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

describe('a quantity', () => {
  it.each([
    [countText(0, 'run'), '0 runs'],
    [countText(1, 'run'), '1 run'],
    [countText(999, 'run'), '999 runs'],
    [countText(1_234_567, 'event'), '1,234,567 events'],
    [countText(40_000), '40,000'],
    [bytesText(0), '0 B'],
    [bytesText(999), '999 B'],
    [bytesText(999.6), '1 kB'],
    [bytesText(99_700), '99.7 kB'],
    [bytesText(999_400), '999 kB'],
    [bytesText(999_600), '1 MB'],
    [bytesText(13_370_000), '13.4 MB'],
    [bytesText(2.5e12), '2.5 TB'],
    [bytesText(9e15), '9 PB'],
    [durationText(0), '0 s'],
    [durationText(0.346), '0.35 s'],
    [durationText(9.996), '10 s'],
    [durationText(12.4), '12 s'],
    [durationText(59.4), '59 s'],
    [durationText(59.7), '1 min'],
    [durationText(179.7), '3 min'],
    [durationText(200), '3 min 20 s'],
    [durationText(3599.4), '59 min 59 s'],
    [durationText(3599.6), '1 h'],
    [durationText(2 * hour - 20), '2 h'],
    [durationText(18_720), '5 h 12 min'],
    [durationText(2 * day - 20), '2 d'],
    [durationText(3 * day + 4 * hour), '3 d 4 h'],
    [durationText(4 * day - 20), '4 d'],
    [timeText('2026-11-24T06:54:24.971Z'), '2026-11-24 06:54:24 UTC'],
    [timeText(''), ''],
  ])('%s', (found, expected) => expect(found).toBe(expected));
});

/** Values of all sizes, and those next to a change of the unit. */
function around(largest: number, ...edges: readonly number[]): fc.Arbitrary<number> {
  const near = fc.tuple(fc.constantFrom(...edges), fc.double({ min: 0.998, max: 1.002, noNaN: true }));
  const anySize = fc.double({ min: 0, max: Math.log10(largest), noNaN: true }).map((digits) => 10 ** digits - 1);
  return fc.oneof(
    near.map(([edge, factor]) => edge * factor),
    anySize,
    fc.double({ min: 0, max: largest, noNaN: true }),
  );
}

const whole = { s: 60, min: 60, h: 48, B: 1000, kB: 1000, MB: 1000, GB: 1000, TB: 1000 } as const;
const seconds: Record<string, number> = { s: 1, min: minute, h: hour, d: day };
const bytes: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, PB: 1e15 };

/** The numbers of a text with their units; throws where it holds anything else, such as an exponent. */
function parse(text: string): { value: number; unit: string }[] {
  expect(text).toMatch(/^\d+(\.\d+)? [A-Za-z]+( \d+ [a-z]+)?$/);
  return [...text.matchAll(/([\d.]+) ([A-Za-z]+)/g)].map(([, value, unit]) => ({
    value: Number(value),
    unit: unit ?? '',
  }));
}

function sum(text: string, units: Record<string, number>): number {
  return parse(text).reduce((total, { value, unit }) => total + value * (units[unit] ?? NaN), 0);
}

describe('whatever its size', () => {
  it('a quantity has no exponent and never a full larger unit', () => {
    const durations = around(1e9, 10, minute, hour, day, 2 * day, 3 * minute, 5 * hour, 4 * day).map(durationText);
    const sizes = around(9e15, 1e3, 1e5, 1e6, 1e8, 1e9, 1e12, 1e15).map(bytesText);
    fc.assert(
      fc.property(fc.oneof(durations, sizes), (text) => {
        for (const { value, unit } of parse(text)) {
          expect(value).toBeLessThan(unit in whole ? whole[unit as keyof typeof whole] : Infinity);
        }
        const [large, small] = parse(text);
        if (small !== undefined) expect(small.value).toBeLessThan(large?.unit === 'd' ? 24 : 60);
      }),
      { numRuns: 2000 },
    );
  });

  it('it tells what it is, within half of its last digit', () => {
    fc.assert(
      fc.property(around(1e9, 10, minute, hour, 2 * day), (value) => {
        const step = value < 9.5 ? 0.01 : value < hour - 1 ? 1 : value < 2 * day - minute ? minute : hour;
        expect(Math.abs(sum(durationText(value), seconds) - value)).toBeLessThanOrEqual(0.5001 * step);
      }),
    );
    fc.assert(
      fc.property(around(9e15, 1e3, 1e6, 1e9), (value) => {
        expect(Math.abs(sum(bytesText(value), bytes) - value)).toBeLessThanOrEqual(Math.max(0.501, 0.00501 * value));
      }),
    );
  });
});
