/**
 * Room: numbers only: means, fits of lines, planes, S-curves and any curve. Knows no table.
 * May use: nothing.
 */

/** Statistics of small samples; NaN where a sample is empty. */

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Standard deviation of the sample (n − 1). */
export function deviation(values: ArrayLike<number>): number {
  const centre = mean(values);
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += (values[i] - centre) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

/** Quantile with linear interpolation between neighbours, 0 ≤ `fraction` ≤ 1. */
export function quantile(values: ArrayLike<number>, fraction: number): number {
  if (values.length === 0) return NaN;
  const sorted = Float64Array.from(values).sort();
  const place = fraction * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5);
}

/** Median distance from the median, scaled to the standard deviation of a normal distribution. */
export function robustDeviation(values: ArrayLike<number>): number {
  const centre = median(values);
  return 1.4826 * median(Float64Array.from(values, (value) => Math.abs(value - centre)));
}

/** σ of an efficiency of so many events; does not vanish where all or no events passed (prior of one event each). */
export function binomialError(efficiency: number, events: number): number {
  const expected = (efficiency * events + 1) / (events + 2);
  return Math.sqrt((expected * (1 - expected)) / (events + 3));
}

/** An interval of an efficiency, 0 … 1. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's interval of one standard deviation: has a width also where all or no events passed, and never leaves 0 … 1.
 * NaN without events. E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209.
 */
export function wilsonInterval(efficiency: number, events: number): Interval {
  const centre = (efficiency + 1 / (2 * events)) / (1 + 1 / events);
  const half = Math.sqrt((efficiency * (1 - efficiency)) / events + 1 / (4 * events ** 2)) / (1 + 1 / events);
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

export function minimum(values: ArrayLike<number>): number {
  let least = Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] < least) least = values[i];
  return values.length === 0 ? NaN : least;
}

export function maximum(values: ArrayLike<number>): number {
  let most = -Infinity;
  for (let i = 0; i < values.length; i++) if (values[i] > most) most = values[i];
  return values.length === 0 ? NaN : most;
}
