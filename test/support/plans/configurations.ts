import type { ConfigMap, ConfigValue, Key } from '../../../src/domain/config/value.js';

/** A configuration written as nested objects; keys that are whole numbers become integers, as in YAML. */
export function state(tree: Readonly<Record<string, unknown>>): ConfigMap {
  return new Map(
    Object.entries(tree).map(([key, value]): [Key, ConfigValue] => [
      /^\d+$/.test(key) ? Number(key) : key,
      toValue(value),
    ]),
  );
}

function toValue(value: unknown): ConfigValue {
  if (Array.isArray(value)) return value.map(toValue);
  if (typeof value === 'object' && value !== null) return state(Object.fromEntries(Object.entries(value)));
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return null;
}
