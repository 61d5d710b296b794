import { parse, stringify } from 'yaml';
import { isMap, type ConfigMap, type ConfigValue } from '../../domain/config/value.js';

/** A configuration fragment as YAML text; integer keys stay integers. */
export function formatFragment(fragment: ConfigMap): string {
  return stringify(fragment);
}

/** The mapping in a YAML text, undefined where it holds something else. */
export function parseFragment(text: string): ConfigMap | undefined {
  const value: ConfigValue = parse(text, { mapAsMap: true, version: '1.1' });
  return isMap(value) ? value : undefined;
}
