import { isList, isMap, type ConfigValue } from './value.js';

/** A configuration as JSON text: keys become text, their order stays; what JSON has no number for becomes null. */
export function configJson(value: ConfigValue): string {
  if (isMap(value)) {
    return `{${[...value].map(([key, member]) => `${JSON.stringify(String(key))}:${configJson(member)}`).join(',')}}`;
  }
  return isList(value) ? `[${value.map(configJson).join(',')}]` : JSON.stringify(value);
}
