/**
 * A configuration in memory. Mappings are `Map`s, because keys keep their type: the integer key 0 of a YAML file is
 * another key than the text "0", and must reach the hardware as an integer.
 */
export type Scalar = string | number | boolean | null;
export type Key = string | number | boolean | null;
export type ConfigValue = Scalar | readonly ConfigValue[] | ConfigMap;
export type ConfigMap = ReadonlyMap<Key, ConfigValue>;

export function isMap(value: ConfigValue | undefined): value is ConfigMap {
  return value instanceof Map;
}

export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

/** The value at `path`, or undefined where a mapping lacks a key (or a list an index) on the way. */
export function valueAt(root: ConfigValue, path: readonly Key[]): ConfigValue | undefined {
  let here: ConfigValue | undefined = root;
  for (const key of path) {
    if (isMap(here)) here = here.get(key);
    else if (isList(here) && typeof key === 'number') here = here[key];
    else return undefined;
  }
  return here;
}

/** `x` and `[x]` mean the same. */
export function listOf<T extends ConfigValue>(value: T | readonly T[]): readonly T[] {
  return isMany(value) ? value : [value];
}

function isMany<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
