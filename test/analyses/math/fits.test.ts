import { describe, expect, it } from 'vitest';
import { fitLine } from '../../../src/analyses/math/line.js';
import { fitPlane } from '../../../src/analyses/math/plane.js';
import { erf, fitSCurve } from '../../../src/analyses/math/s-curve.js';
import { deviation, mean, median, quantile, robustDeviation } from '../../../src/analyses/math/statistics.js';
import { seededRandom } from '../../../src/domain/random.js';

const range = (length: number, step = 1): number[] => Array.from({ length }, (_, i) => i * step);

describe('erf', () => {
  it.each([
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [-2, -0.9953222650189527],
    [3, 0.9999779095030014],
  ])('of %d is right to 2e-7', (x, expected) => expect(Math.abs(erf(x) - expected)).toBeLessThan(2e-7));
});

describe('statistics', () => {
  it('has the textbook values', () => {
    const values = [9, 2, 4, 4, 4, 5, 5, 7];
    expect(mean(values)).toBe(5);
    expect(deviation(values)).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(median(values)).toBe(4.5);
    expect(quantile([1, 2, 3, 4], 0.25)).toBe(1.75);
    expect(robustDeviation([1, 1, 2, 3, 100])).toBeCloseTo(1.4826, 6);
    expect(median([])).toBeNaN();
  });
});

describe('fitLine', () => {
  it('finds the line behind outliers and names them', () => {
    const x = range(20);
    const y = x.map((at) => (at === 7 ? 900 : at === 13 ? -500 : 3 + 2 * at));
    const line = fitLine(
      x,
      y,
      x.map(() => 0.5),
    );
    expect(line).toMatchObject({ outliers: [7, 13], used: expect.arrayContaining([0, 6, 8, 19]) });
    expect(line?.slope).toBeCloseTo(2, 9);
    expect(line?.offset).toBeCloseTo(3, 9);
  });

  it('gives errors that the scatter of many fits confirms', () => {
    const random = seededRandom(1);
    const x = range(30);
    const fits = range(300).map(() =>
      fitLine(
        x,
        x.map((at) => 10 + 0.5 * at + 2 * random.normal()),
        x.map(() => 2),
      ),
    );
    const pulls = fits.map((fit) => ((fit?.slope ?? NaN) - 0.5) / (fit?.slopeError ?? NaN));
    expect(Math.abs(mean(pulls))).toBeLessThan(0.2);
    expect(deviation(pulls)).toBeGreaterThan(0.8);
    expect(deviation(pulls)).toBeLessThan(1.1);
  });

  it('claims nothing from two points or a single x', () => {
    expect(fitLine([0, 1], [0, 1], [1, 1])).toBeUndefined();
    expect(fitLine([1, 1, 1], [0, 1, 2], [1, 1, 1])).toBeUndefined();
  });
});

describe('fitPlane', () => {
  it('finds offset and slopes', () => {
    const x = range(12).map((i) => [i % 4, 300 + 20 * Math.floor(i / 4)]);
    const plane = fitPlane(
      x,
      x.map(([a, b]) => 5 + 2 * a - 0.6 * b),
    );
    expect(plane?.slopes[0]).toBeCloseTo(2, 9);
    expect(plane?.slopes[1]).toBeCloseTo(-0.6, 9);
    expect(plane?.offset).toBeCloseTo(5, 6);
    expect(plane?.residual).toBeLessThan(1e-9);
  });

  it('claims nothing where a variable never moved', () => {
    expect(
      fitPlane(
        [
          [0, 1],
          [1, 1],
          [2, 1],
        ],
        [0, 1, 2],
      ),
    ).toBeUndefined();
  });
});

describe('fitSCurve', () => {
  const x = range(61, 5);
  const curve = (threshold: number, noise: number, direction = 1): number[] =>
    x.map((at) => 0.5 * (1 + direction * erf((at - threshold) / (Math.SQRT2 * noise))));
  const errorsOf = (efficiency: number[], n: number): number[] => efficiency.map((e) => Math.sqrt((e * (1 - e)) / n));

  it.each([1, -1] as const)('finds threshold and noise (direction %d)', (direction) => {
    const efficiency = curve(142, 12, direction);
    const fit = fitSCurve(x, efficiency, errorsOf(efficiency, 500));
    expect(fit?.threshold).toBeCloseTo(142, 2);
    expect(fit?.noise).toBeCloseTo(12, 1);
    expect(fit?.direction).toBe(direction);
  });

  it('gives errors that the scatter of many fits confirms', () => {
    const random = seededRandom(2);
    const n = 400;
    const fits = range(300).map(() => {
      const efficiency = curve(142, 12).map((e) => range(n).filter(() => random.next() < e).length / n);
      return fitSCurve(x, efficiency, errorsOf(efficiency, n));
    });
    const pulls = (of: 'threshold' | 'noise', truth: number): number[] =>
      fits.map((fit) => ((fit?.[of] ?? NaN) - truth) / (fit?.[`${of}Error`] ?? NaN));
    for (const values of [pulls('threshold', 142), pulls('noise', 12)]) {
      expect(Math.abs(mean(values))).toBeLessThan(0.4);
      expect(deviation(values)).toBeGreaterThan(0.8);
      expect(deviation(values)).toBeLessThan(1.15);
    }
  });

  it('gives the threshold alone where the transition is sharper than the steps', () => {
    const efficiency = x.map((at) => (at < 142 ? 0 : 1));
    const fit = fitSCurve(
      x,
      efficiency,
      efficiency.map(() => 0),
    );
    expect(fit).toMatchObject({ threshold: 142.5, thresholdError: 5 / Math.sqrt(12), noise: NaN });
  });

  it('takes the last transition where noise makes another below, and none where there is none', () => {
    const bump = curve(142, 12).map((e, i) => Math.max(e, i < 6 ? 1 - i / 5 : 0));
    const fit = fitSCurve(x, bump, errorsOf(bump, 500));
    expect(Math.abs((fit?.threshold ?? NaN) - 142)).toBeLessThan(0.5);
    expect(
      fitSCurve(
        x,
        x.map(() => 0.2),
        x.map(() => 0.01),
      ),
    ).toBeUndefined();
  });
});
