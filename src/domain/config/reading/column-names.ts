import { eventColumnNames, summaryColumnNames } from '../../hgcroc/columns.js';
import { suggestion } from '../nearest.js';
import type { Mode } from '../procedure.js';
import { serverPart } from '../roots.js';
import { report, type Section } from '../yaml/validate.js';
import { isList, isMap, type ConfigMap } from '../value.js';

const triggerFields = ['enable', 'BX', 'length', 'prescale'] as const;
/** Columns that older files ask for and that carry nothing any more. */
const retired = new Set(['event_mode', 'errorbit']);

/** Names of all configuration columns that a table of this configuration can have. */
export function configurationColumnNames(state: ConfigMap): Set<string> {
  const names = new Set<string>();
  const target = state.get('target');
  for (const chip of isMap(target) ? target.values() : []) {
    for (const block of isMap(chip) ? chip.values() : []) {
      for (const registers of isMap(block) ? block.values() : []) {
        for (const name of isMap(registers) ? registers.keys() : []) names.add(String(name));
      }
    }
  }
  const generators = serverPart(state)?.get('l1a_generator_settings');
  for (const generator of isList(generators) ? generators : []) {
    if (!isMap(generator)) continue;
    const name = generator.get('name');
    for (const field of triggerFields)
      if (typeof generator.get(field) === 'number') names.add(`${String(name)}_${field}`);
  }
  return names;
}

/** Reports every column that the table cannot have, with the nearest name. */
export function checkColumns(
  section: Section,
  columns: readonly string[],
  mode: Mode,
  state: ConfigMap,
  axisColumns: readonly string[],
): void {
  if (columns.length === 0) return;
  const measured: readonly string[] = mode === 'full' ? eventColumnNames : summaryColumnNames;
  const known = new Set([...measured, ...configurationColumnNames(state), ...axisColumns]);
  for (const [index, column] of columns.entries()) {
    if (known.has(column)) continue;
    const keys = ['data_columns', index];
    if (retired.has(column)) {
      report(section, `the column '${column}' does not exist any more`, {
        keys,
        severity: 'warning',
        remedy: 'remove it',
      });
      continue;
    }
    const remedy = suggestion(column, [...known]);
    report(section, `unknown column '${column}' in ${mode} mode`, { keys, remedy });
  }
}
