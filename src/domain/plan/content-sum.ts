import { isList, isMap, type ConfigValue, type Key } from '../config/value.js';
import { sha256 } from './sha256.js';

/**
 * A configuration's content as eight 32-bit sums: every value, mapping and list adds the hash of its path and content.
 * A sum does not depend on the order of keys, nor on how the configuration came about, and a change of one register
 * changes it by the difference of two hashes, whatever the size of the rest.
 */
export type ContentSum = Uint32Array;

export function emptySum(): ContentSum {
  return new Uint32Array(8);
}

/** Adds the content of a whole value at `path`, or takes it away (`sign` −1). */
export function addContent(sum: ContentSum, value: ConfigValue, path: readonly Key[], sign: 1 | -1): void {
  addHash(sum, sha256(ownText(value, path)), sign);
  if (isMap(value)) for (const [key, member] of value) addContent(sum, member, [...path, key], sign);
  else if (isList(value)) value.forEach((member, index) => addContent(sum, member, [...path, index], sign));
}

/** Adds what laying `above` on `below` changes (`update`, without making the result). */
export function addChange(
  sum: ContentSum,
  below: ConfigValue | undefined,
  above: ConfigValue,
  path: readonly Key[],
): void {
  if (below === above) return;
  if (below === undefined) return addContent(sum, above, path, 1);
  if (isMap(below) && isMap(above)) {
    for (const [key, value] of above) addChange(sum, below.get(key), value, [...path, key]);
  } else if (isList(below) && isList(above) && below.length === above.length) {
    above.forEach((value, index) => addChange(sum, below[index], value, [...path, index]));
  } else {
    addContent(sum, below, path, -1);
    addContent(sum, above, path, 1);
  }
}

export function addHash(sum: ContentSum, hash: Uint32Array, sign: 1 | -1): void {
  for (let lane = 0; lane < 8; lane++) sum[lane] += sign * hash[lane];
}

/** What a value says besides its members: its path, kind and, for scalars, the value. JSON keeps 0 and "0" apart. */
function ownText(value: ConfigValue, path: readonly Key[]): string {
  if (isMap(value)) return JSON.stringify([path, '{']);
  if (isList(value)) return JSON.stringify([path, '[', value.length]);
  const plain = typeof value === 'number' && !Number.isFinite(value) ? ['number', String(value)] : value;
  return JSON.stringify([path, '=', plain]);
}
