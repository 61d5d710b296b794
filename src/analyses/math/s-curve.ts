import { fitCurve } from './curve-fit.js';
import { binomialError } from './statistics.js';

/** Where an efficiency passes one half, and how softly; in units of x. */
export interface SCurve {
  readonly threshold: number;
  readonly thresholdError: number;
  /** Standard deviation of the error function; NaN where the transition is sharper than the steps of the scan. */
  readonly noise: number;
  readonly noiseError: number;
  readonly chi2PerNdf: number;
  /** 1: efficiency rises with x, −1: it falls. */
  readonly direction: 1 | -1;
}

/** Events per point where the efficiencies' errors do not tell. */
const usualEvents = 1000;

/**
 * Fits ½ (1 ± erf((x − threshold) / (√2 noise))) to efficiencies. `x` ascending; `errors` as the summary has them (0 at
 * efficiency 0 and 1). Undefined where the efficiency does not pass one half. Where it passes several times, the
 * transition at the largest x counts: below it lies the noise.
 */
export function fitSCurve(
  x: readonly number[],
  efficiency: readonly number[],
  errors: readonly number[],
): SCurve | undefined {
  const at = lastCrossing(efficiency);
  if (at === undefined) return undefined;
  const direction = efficiency[at] < efficiency[at + 1] ? 1 : -1;
  const step = x[at + 1] - x[at];
  const slope = efficiency[at + 1] - efficiency[at];
  const middle = x[at] + ((0.5 - efficiency[at]) / slope) * step;
  const window = transition(efficiency, at, direction);
  const points = { x: x.slice(window.start, window.end), y: efficiency.slice(window.start, window.end) };
  const events = eventsBehind(efficiency, errors);
  const soft = points.y.filter((value) => value > 0.01 && value < 0.99).length;
  const sharp = { threshold: middle, thresholdError: step / Math.sqrt(12), noise: NaN, noiseError: NaN };
  if (soft < 2) return { ...sharp, chi2PerNdf: NaN, direction };
  const width = x[window.end - 1] - x[window.start];
  const model = ([threshold, noise]: readonly number[]) => {
    return (value: number): number => 0.5 * (1 + direction * erf((value - threshold) / (Math.SQRT2 * noise)));
  };
  const limits = { lowest: [x[window.start], 1e-3 * step], highest: [x[window.end - 1], width] };
  const start = [middle, Math.max(soft / 4, 0.25) * step];
  const first = fitCurve(
    { ...points, sigma: points.y.map((value) => binomialError(value, events)) },
    model,
    start,
    limits,
  );
  // once more with the errors that the curve expects: those of the measured values favour points that came out high or low
  const expected = points.x.map(model(first?.values ?? start)).map((value) => binomialError(value, events));
  const fit = fitCurve({ ...points, sigma: expected }, model, first?.values ?? start, limits);
  if (fit === undefined) return { ...sharp, chi2PerNdf: NaN, direction };
  const [threshold, noise] = fit.values;
  const [thresholdError, noiseError] = fit.errors;
  return { threshold, thresholdError, noise, noiseError, chi2PerNdf: fit.chi2PerNdf, direction };
}

/** Index before the last passage through one half. */
function lastCrossing(efficiency: readonly number[]): number | undefined {
  for (let i = efficiency.length - 2; i >= 0; i--) {
    if (efficiency[i] < 0.5 !== efficiency[i + 1] < 0.5) return i;
  }
  return undefined;
}

/** The points of one transition: from its middle to both sides as far as the efficiency goes on the same way. */
function transition(efficiency: readonly number[], at: number, direction: 1 | -1): { start: number; end: number } {
  const ends = 4; // points of the plateaus on both sides
  let start = at;
  while (start > 0 && direction * (efficiency[start] - efficiency[start - 1]) > 0) start--;
  let end = at + 2;
  while (end < efficiency.length && direction * (efficiency[end] - efficiency[end - 1]) > 0) end++;
  return { start: Math.max(0, start - ends), end: Math.min(efficiency.length, end + ends) };
}

/** Events per point, from a point where the error tells it. */
function eventsBehind(efficiency: readonly number[], errors: readonly number[]): number {
  const partial = efficiency.findIndex((value, i) => errors[i] > 0 && value > 0 && value < 1);
  if (partial < 0) return usualEvents;
  return (efficiency[partial] * (1 - efficiency[partial])) / errors[partial] ** 2;
}

/** Error function, right to 1.2e-7 (rational Chebyshev approximation of erfc). */
export function erf(x: number): number {
  const z = Math.abs(x);
  const t = 1 / (1 + z / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const polynomial = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const complement = t * Math.exp(-z * z + polynomial);
  return x >= 0 ? 1 - complement : complement - 1;
}
