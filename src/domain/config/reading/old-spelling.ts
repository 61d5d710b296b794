import { isList, isMap, valueAt, type ConfigMap, type ConfigValue, type Key } from '../value.js';
import { report, type Section } from '../yaml/validate.js';

/** Fields of files from before 2022 and what they are called now. */
const renamedFields: readonly { readonly old: readonly string[]; readonly present: string }[] = [
  { old: ['target_settings', 'power_on_default'], present: 'system_settings.default' },
  { old: ['target_settings', 'initial_config'], present: 'system_settings.init' },
  { old: ['daq_settings', 'default'], present: 'system_settings.default' },
  { old: ['daq_settings', 'server_override'], present: 'system_settings.override (under daq: server:)' },
  { old: ['daq_settings', 'client_override'], present: 'system_settings.override (under daq: client:)' },
  { old: ['event_mode'], present: 'mode: full' },
  { old: ['python_module_name'], present: 'module_name' },
];

/** A procedure in the present spelling. */
export interface Modernised {
  readonly section: Section;
  /** Older files of registers have no root `target`: it is put above them. */
  readonly wrapTarget: boolean;
}

/** Reads the older spelling: same procedure, present names; every old name is warned of once (`warned` remembers). */
export function modernise(section: Section, warned: Set<string>): Modernised {
  const value = section.value;
  if (!isMap(value) || !renamedFields.some(({ old }) => value.has(old[0]))) return { section, wrapTarget: false };
  for (const { old, present } of renamedFields) {
    const name = old.join('.');
    if (valueAt(value, old) === undefined || warned.has(name)) continue;
    warned.add(name);
    const remedy = `write ${present} instead`;
    report(section, `'${name}' is the older spelling`, { keys: old, at: 'key', severity: 'warning', remedy });
  }
  const renamed = new Map<string, readonly Key[]>();
  const fields = new Map(value);
  moveMode(fields, renamed);
  if (fields.has('python_module_name')) {
    fields.set('module_name', fields.get('python_module_name') ?? null);
    fields.delete('python_module_name');
    renamed.set('module_name', ['python_module_name']);
  }
  const wrapTarget = fields.has('target_settings') || fields.has('daq_settings');
  if (wrapTarget) moveSettings(section, fields, renamed);
  return { section: { ...section, value: fields, renamed }, wrapTarget };
}

function moveMode(fields: Map<Key, ConfigValue>, renamed: Map<string, readonly Key[]>): void {
  const event = fields.get('event_mode');
  if (typeof event !== 'boolean') return;
  fields.delete('event_mode');
  if (fields.has('mode')) return;
  fields.set('mode', event ? 'full' : 'summary');
  renamed.set('mode', ['event_mode']);
}

function moveSettings(section: Section, fields: Map<Key, ConfigValue>, renamed: Map<string, readonly Key[]>): void {
  const target = fields.get('target_settings');
  const daq = fields.get('daq_settings');
  if (fields.has('system_settings')) {
    const remedy = 'keep system_settings alone';
    report(section, 'system_settings beside its older spelling', { keys: ['system_settings'], at: 'key', remedy });
    return;
  }
  if (!settingsFit(section, fields)) return;
  fields.delete('target_settings');
  fields.delete('daq_settings');
  const part = (map: ConfigValue | undefined, key: string) => (isMap(map) ? (map.get(key) ?? null) : null);
  const defaults = [part(target, 'power_on_default'), part(daq, 'default')].flatMap(asList);
  const settings = new Map<Key, ConfigValue>([['default', defaults]]);
  const init = part(target, 'initial_config');
  if (init !== null) settings.set('init', init);
  const override = overrideOf(part(daq, 'server_override'), part(daq, 'client_override'));
  if (override.size > 0) settings.set('override', override);
  fields.set('system_settings', settings);
  renamed.set('system_settings', [isMap(target) ? 'target_settings' : 'daq_settings']);
  renamed.set('system_settings.init', ['target_settings', 'initial_config']);
  renamed.set('system_settings.override.daq.server', ['daq_settings', 'server_override']);
  renamed.set('system_settings.override.daq.client', ['daq_settings', 'client_override']);
  const oldDefault =
    part(target, 'power_on_default') === null ? ['daq_settings', 'default'] : ['target_settings', 'power_on_default'];
  renamed.set('system_settings.default', oldDefault);
}

/** Both settings must be mappings of known fields; reported otherwise. */
function settingsFit(section: Section, fields: ConfigMap): boolean {
  const before = section.problems.length;
  const known = {
    target_settings: ['power_on_default', 'initial_config'],
    daq_settings: ['default', 'server_override', 'client_override'],
  };
  for (const [name, children] of Object.entries(known)) {
    const value = fields.get(name);
    if (value === undefined) continue;
    if (!isMap(value)) {
      report(section, `'${name}' must be a mapping`, { keys: [name] });
      continue;
    }
    for (const key of value.keys()) {
      if (children.includes(String(key))) continue;
      report(section, `unknown field '${String(key)}' in '${name}'`, {
        keys: [name, key],
        at: 'key',
        remedy: `there are: ${children.join(', ')}`,
      });
    }
  }
  return section.problems.length === before;
}

function overrideOf(server: ConfigValue, client: ConfigValue): ConfigMap {
  const daq = new Map<Key, ConfigValue>();
  if (server !== null) daq.set('server', server);
  if (client !== null) daq.set('client', client);
  return daq.size === 0 ? daq : new Map([['daq', daq]]);
}

function asList(value: ConfigValue): readonly ConfigValue[] {
  if (value === null) return [];
  return isList(value) ? value : [value];
}
