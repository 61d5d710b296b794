import type { Source } from '../yaml/source.js';
import {
  Float,
  isList,
  isMap,
  type ConfigMap,
  type ConfigValue,
  type Key,
  type TypedMap,
  type TypedValue,
} from '../value.js';

/** A mapping of a file, at `path`, with the types that its numbers were written with. */
export function typedMap(map: ConfigMap, source: Source, path: readonly Key[]): TypedMap {
  return new Map([...map].map(([key, value]) => [key, typedValue(value, source, [...path, key])]));
}

function typedValue(value: ConfigValue, source: Source, path: readonly Key[]): TypedValue {
  if (isMap(value)) return typedMap(value, source, path);
  if (isList(value)) return value.map((member, index) => typedValue(member, source, [...path, index]));
  const looksWhole = typeof value === 'number' && Number.isSafeInteger(value);
  return looksWhole && source.isFloat(path) ? new Float(value) : value;
}
