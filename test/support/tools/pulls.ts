import { expect } from 'vitest';
import { deviation, mean } from '../../../src/analyses/math/statistics.js';

/** Of so many toys, whose seeds are chosen beforehand, a pull's mean must be within 0.15 of 0, its width 0.9 to 1.1. */
export const toys = 1000;

/** (result − truth) / error of many toys: whether one can sign the error. */
export function expectGoodPulls(pulls: readonly number[]): void {
  expect(pulls.length).toBeGreaterThanOrEqual(toys);
  expect(pulls.filter((pull) => !Number.isFinite(pull)).length, 'toys without a result').toBe(0);
  expect(Math.abs(mean(pulls)), 'mean of the pulls').toBeLessThan(0.15);
  expect(deviation(pulls), 'width of the pulls').toBeGreaterThan(0.9);
  expect(deviation(pulls), 'width of the pulls').toBeLessThan(1.1);
}
