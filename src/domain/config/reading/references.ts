import { foldName, unfitName } from '../name.js';
import { suggestion } from '../nearest.js';
import { report, type Section } from '../yaml/validate.js';
import type { Key } from '../value.js';
import type { Procedure } from '../procedure.js';

/** A named sequence of procedures or of other workflows. */
export interface WorkflowEntry {
  readonly name: string;
  readonly tasks: readonly string[];
}

/** An entry of a file with its section; the procedure is undefined where it is wrong. */
export interface Entry {
  readonly name: string;
  readonly section: Section;
  readonly procedure?: Procedure | undefined;
  readonly workflow?: WorkflowEntry | undefined;
}

/** Checks what entries say of each other: names, references and cycles. */
export function checkReferences(entries: readonly Entry[]): void {
  const named = entries.filter(({ name }) => name !== '');
  const byName = checkNames(named);
  for (const entry of named) for (const reference of referencesOf(entry)) checkReference(entry, reference, byName);
  checkCycles(byName);
}

interface Reference {
  readonly to: string;
  readonly field: 'daq' | 'calibration' | 'tasks';
  readonly keys: readonly Key[];
}

function referencesOf(entry: Entry): Reference[] {
  const list = (field: Reference['field'], names: readonly string[]): Reference[] => {
    const written = entry.section.value instanceof Map ? entry.section.value.get(field) : undefined;
    return names.map((to, index) => ({ to, field, keys: Array.isArray(written) ? [field, index] : [field] }));
  };
  if (entry.workflow !== undefined) return list('tasks', entry.workflow.tasks);
  if (entry.procedure?.type === 'analysis') return list('daq', entry.procedure.daq);
  return entry.procedure === undefined ? [] : list('calibration', entry.procedure.calibration);
}

/** First entry of every name; a second one, a name that is no file name and one that is the same to some disk are reported. */
function checkNames(entries: readonly Entry[]): Map<string, Entry> {
  const byName = new Map<string, Entry>();
  const folded = new Map<string, Entry>();
  for (const entry of entries) {
    const { name, section } = entry;
    const unfit = unfitName(name);
    if (unfit !== undefined)
      report(section, `the name '${name}' ${unfit}`, { keys: ['name'], remedy: 'it names a folder' });
    const first = byName.get(name) ?? folded.get(foldName(name));
    if (first === undefined) {
      byName.set(name, entry);
      folded.set(foldName(name), entry);
      continue;
    }
    const { line, column } = first.section.source.place([...first.section.path, 'name']);
    const place = `${first.section.source.file}:${line}:${column}`;
    const message =
      first.name === name
        ? `a second entry is called '${name}'`
        : `'${name}' and '${first.name}' ${difference(name, first.name)}`;
    report(section, message, { keys: ['name'], remedy: `the first stands at ${place}` });
    byName.set(name, byName.get(name) ?? entry);
  }
  return byName;
}

function difference(name: string, other: string): string {
  const differ = name.toLowerCase() === other.toLowerCase() ? 'case' : 'how they are written';
  return `differ only in ${differ}`;
}

function checkReference(entry: Entry, { to, field, keys }: Reference, byName: ReadonlyMap<string, Entry>): void {
  const target = byName.get(to);
  if (target === undefined) {
    const remedy = suggestion(to, [...byName.keys()]);
    report(entry.section, `there is no procedure '${to}'`, { keys, remedy });
    return;
  }
  if (field !== 'daq' || entry.procedure?.type !== 'analysis') return;
  const { procedure } = target;
  if (target.workflow !== undefined || procedure?.type === 'analysis') {
    report(entry.section, `'${to}' is no DAQ procedure`, {
      keys,
      remedy: 'an analysis reads the data of DAQ procedures',
    });
  } else if (procedure !== undefined && !entry.procedure.compatibleModes.includes(procedure.mode)) {
    const remedy = `set compatible_modes: ${procedure.mode} if the analysis can read it`;
    report(entry.section, `'${to}' is taken in ${procedure.mode} mode, which '${entry.name}' does not read`, {
      keys,
      remedy,
    });
  }
  if (procedure?.type === 'daq' && !procedure.merge) {
    const remedy = `'${to}' says merge: false; take that out`;
    report(entry.section, `analysis '${entry.name}' needs the merged table of '${to}'`, { keys, remedy });
  }
}

function checkCycles(byName: ReadonlyMap<string, Entry>): void {
  const done = new Set<string>();
  const visit = (name: string, trail: readonly string[]): void => {
    const start = trail.indexOf(name);
    if (start >= 0) {
      const cycle = [...trail.slice(start), name].join(' → ');
      const entry = byName.get(name);
      if (entry !== undefined)
        report(entry.section, `the procedures need each other in a cycle: ${cycle}`, { keys: ['name'] });
      return;
    }
    const entry = byName.get(name);
    if (entry === undefined || done.has(name)) return;
    for (const { to } of referencesOf(entry)) visit(to, [...trail, name]);
    done.add(name);
  };
  for (const name of byName.keys()) visit(name, []);
}
