import { DatenraffinerieError } from '../errors.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key } from './value.js';

/** Thrown by `update` where two lists that lie on each other differ in length; `path` is where they lie. */
export class ListLengthError extends DatenraffinerieError {
  readonly path: readonly Key[];

  constructor(path: readonly Key[], below: number, above: number) {
    const place = path.length === 0 ? 'the top' : formatPath(path);
    super('ConfigError', `at ${place}: a list of ${above} cannot be laid on the list of ${below} at ${place}`, {
      remedy: 'give as many elements as the list below has',
    });
    this.path = path;
  }
}

/** A path for people: `target.roc_s0.ch.0.Inputdac`. */
export function formatPath(path: readonly Key[]): string {
  return path.map(String).join('.');
}

/**
 * Overlay of b on a: mappings merge recursively, lists of equal length element by element, anything else is replaced.
 * Neither argument is changed; subtrees that b does not touch (or leaves as they are) are shared with a.
 */
export function update(a: ConfigValue, b: ConfigValue, path: readonly Key[] = []): ConfigValue {
  if (isMap(a) && isMap(b)) return updateMap(a, b, path);
  if (isList(a) && isList(b)) {
    if (a.length !== b.length) throw new ListLengthError(path, a.length, b.length);
    const merged = a.map((element, index) => update(element, b[index], [...path, index]));
    return merged.every((element, index) => element === a[index]) ? a : merged;
  }
  return Object.is(a, b) ? a : b;
}

/** `update` of two mappings, which is a mapping. */
export function updateMap(a: ConfigMap, b: ConfigMap, path: readonly Key[] = []): ConfigMap {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  let merged: Map<Key, ConfigValue> | undefined;
  for (const [key, value] of b) {
    const below = a.get(key);
    const above = below === undefined ? value : update(below, value, [...path, key]);
    if (above === below) continue;
    merged ??= new Map(a);
    merged.set(key, above);
  }
  return merged ?? a;
}

/** Overlay of all fragments in order. */
export function overlay(fragments: Iterable<ConfigMap>): ConfigMap {
  let result: ConfigMap = new Map();
  for (const fragment of fragments) result = updateMap(result, fragment);
  return result;
}

/** The mapping that has the value at the path, and nothing else. */
export function nest(path: readonly Key[], value: ConfigValue): ConfigMap {
  const [first, ...rest] = path;
  return new Map([[first, rest.length === 0 ? value : nest(rest, value)]]);
}

/**
 * The part of b that a lacks or has differently; undefined where that is nothing. Laid on a it gives every value of b.
 * Lists are compared as wholes: a list that differs anywhere is in the result with all its elements.
 */
export function diff(a: ConfigValue, b: ConfigValue): ConfigValue | undefined {
  if (a === b) return undefined;
  if (isMap(a) && isMap(b)) return diffMap(a, b);
  return equal(a, b) ? undefined : b;
}

/** `diff` of two mappings. */
export function diffMap(a: ConfigMap, b: ConfigMap): ConfigMap | undefined {
  if (a === b) return undefined;
  const changed = new Map<Key, ConfigValue>();
  for (const [key, value] of b) {
    const before = a.get(key);
    const part = before === undefined ? value : diff(before, value);
    if (part !== undefined) changed.set(key, part);
  }
  return changed.size === 0 ? undefined : changed;
}

/** Whether two values are the same configuration, whatever the order of their keys. */
export function equal(a: ConfigValue, b: ConfigValue): boolean {
  if (Object.is(a, b)) return true;
  if (isMap(a) && isMap(b)) {
    if (a.size !== b.size) return false;
    for (const [key, value] of a) {
      const other = b.get(key);
      if (other === undefined || !equal(value, other)) return false;
    }
    return true;
  }
  return isList(a) && isList(b) && a.length === b.length && a.every((element, index) => equal(element, b[index]));
}
