/**
 * Randomness without state: a value depends only on its indices, so that event 100 000 of a run can be made alone and
 * is the same whenever it is made.
 */

/** Mixes integers into one unsigned 32-bit number (finaliser of MurmurHash3 after each). */
export function mix(...parts: readonly number[]): number {
  let hash = 0x9e3779b9;
  for (const part of parts) hash = scramble(hash ^ part);
  return hash >>> 0;
}

/** One round of mixing of a 32-bit integer; a bijection. */
export function scramble(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** A standard normal number from the upper 12 bits of a mixed integer. */
export function normal(mixed: number): number {
  return quantiles[mixed >>> 20] as number;
}

/** Mixes the characters of a text. */
export function mixText(text: string): number {
  let hash = text.length;
  for (let i = 0; i < text.length; i++) hash = scramble(hash ^ text.charCodeAt(i));
  return hash >>> 0;
}

/** Values at the centres of 4096 equally likely intervals of the normal distribution. */
const quantiles = Float64Array.from({ length: 4096 }, (_, i) => normalQuantile((i + 0.5) / 4096));

/** Quantile by bisection of the distribution function; only run once for the table. */
function normalQuantile(probability: number): number {
  let low = -6;
  let high = 6;
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (normalDistribution(middle) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Distribution function: 1/2 + density · (x + x³/3 + x⁵/15 + …), which converges for every x. */
function normalDistribution(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 400; n += 2) {
    term *= (x * x) / n;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}
