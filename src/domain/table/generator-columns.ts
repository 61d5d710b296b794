import { serverPart } from '../config/roots.js';
import { isMap, type ConfigMap } from '../config/value.js';
import { entriesOf } from './chip-parameters.js';

/** Fields of a trigger generator that become columns. */
const fields = ['enable', 'BX', 'length', 'prescale'] as const;

/** The trigger generators' settings of a configuration by column name (`A_enable`, `A_BX` …). */
export function generatorColumns(state: ConfigMap): ReadonlyMap<string, number> {
  const columns = new Map<string, number>();
  for (const [key, entry] of entriesOf(serverPart(state)?.get('l1a_generator_settings'))) {
    if (!isMap(entry)) continue;
    const name = String(entry.get('name') ?? key);
    for (const field of fields) {
      const value = entry.get(field);
      if (typeof value === 'number' || typeof value === 'boolean') columns.set(`${name}_${field}`, Number(value));
    }
  }
  return columns;
}
