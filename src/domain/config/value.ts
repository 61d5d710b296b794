/**
 * Room: configuration as values with typed keys: overlays, roots, procedures, checks.
 * May use: domain, domain/config/registers.
 */

/**
 * A configuration in memory. Mappings are `Map`s, because keys keep their type: the integer key 0 of a YAML file is
 * another key than the text "0", and must reach the hardware as an integer.
 */
export type Scalar = string | number | boolean | null;
export type Key = string | number | boolean | null;
export type ConfigValue = Scalar | readonly ConfigValue[] | ConfigMap;
export type ConfigMap = ReadonlyMap<Key, ConfigValue>;

/**
 * A float that its value does not show: to Python, 2.0 is not 2. Only the parameters of analyses keep it; registers are
 * integers however they are written.
 */
export class Float {
  constructor(readonly value: number) {}
}

/** A value whose numbers are integers where they look like it and are no `Float`. */
export type TypedValue = Scalar | Float | readonly TypedValue[] | TypedMap;
export type TypedMap = ReadonlyMap<Key, TypedValue>;

export function isMap(value: TypedValue | undefined): value is TypedMap;
export function isMap(value: ConfigValue | undefined): value is ConfigMap;
export function isMap(value: unknown): boolean {
  return value instanceof Map;
}

export function isList(value: TypedValue | undefined): value is readonly TypedValue[];
export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[];
export function isList(value: unknown): boolean {
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
