import type { PointOrder } from '../config/procedure.js';

/** The points of all axes at a place in the sequence; the first axis varies slowest. */
export function pointsAt(place: number, lengths: readonly number[], order: PointOrder): number[] {
  const total = lengths.reduce((product, length) => product * length, 1);
  let rest = order.kind === 'shuffle' ? permuted(place, total, order.seed) : place;
  const points = new Array<number>(lengths.length);
  for (let axis = lengths.length - 1; axis >= 0; axis--) {
    const point = rest % lengths[axis];
    rest = Math.floor(rest / lengths[axis]);
    // `rest` counts the turns of this axis so far: it runs backwards in every second one
    points[axis] = order.kind === 'snake' && rest % 2 === 1 ? lengths[axis] - 1 - point : point;
  }
  return points;
}

const rounds = 4;

/**
 * Place in a random permutation of 0 … total − 1 that the seed decides: a Feistel network over the next even power of
 * two, walked until the result is below `total`. Nothing is stored, whatever the length.
 */
export function permuted(place: number, total: number, seed: number): number {
  let halfBits = 1;
  while (4 ** halfBits < total) halfBits++;
  const size = 2 ** halfBits;
  let value = place;
  do {
    let [left, right] = [Math.floor(value / size), value % size];
    for (let round = 0; round < rounds; round++) {
      [left, right] = [right, left ^ (mix(right + mix(seed + round * 0x9e3779b9)) % size)];
    }
    value = left * size + right;
  } while (value >= total);
  return value;
}

/** Bit mixer for 32 bits (the finaliser of MurmurHash3). */
function mix(number: number): number {
  let hash = number | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
