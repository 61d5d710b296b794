import type { Occupied } from './histograms.js';

/** Statistics of n integer values, x = s[0] … s[n − 1] in ascending order. */
export interface Statistics {
  /** s[n/2], integer division. */
  median: number;
  /** s[3n/4] − s[n/4]. */
  iqr: number;
  mean: number;
  /** Square root of mean(x²) − mean(x)². */
  deviation: number;
  /** Fraction of values above 0, and its error √(e(1 − e)/n). */
  efficiency: number;
  efficiencyError: number;
}

/** Statistics of the values in the first `bins` occupied bins, ascending; `n` is the sum of their counts, not 0. */
export function describe(occupied: Occupied, bins: number, n: number, into: Statistics): void {
  const { values, counts } = occupied;
  const median = valueAt(occupied, Math.floor(n / 2));
  // moments about the median: integers small enough to be exact, and no cancellation of large squares
  let sum = 0;
  let squares = 0;
  let positive = 0;
  for (let bin = 0; bin < bins; bin++) {
    const distance = values[bin] - median;
    sum += counts[bin] * distance;
    squares += counts[bin] * distance * distance;
    if (values[bin] > 0) positive += counts[bin];
  }
  const offset = sum / n;
  into.median = median;
  into.iqr = valueAt(occupied, Math.floor((3 * n) / 4)) - valueAt(occupied, Math.floor(n / 4));
  into.mean = median + offset;
  into.deviation = Math.sqrt(Math.max(0, squares / n - offset * offset));
  into.efficiency = positive / n;
  into.efficiencyError = Math.sqrt(Math.max(0, (into.efficiency * (1 - into.efficiency)) / n));
}

export function newStatistics(): Statistics {
  return { median: 0, iqr: 0, mean: 0, deviation: 0, efficiency: 0, efficiencyError: 0 };
}

/** s[rank]. */
function valueAt({ values, counts }: Occupied, rank: number): number {
  let bin = 0;
  let below = counts[0];
  while (below <= rank) below += counts[++bin];
  return values[bin];
}
