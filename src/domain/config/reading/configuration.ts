/**
 * Room: from a main file to procedures, with all findings at once; a procedure frozen as text and thawed.
 * May use: domain/*.
 */

import type { Problem } from '../../errors.js';
import { checkReferences, type Entry, type WorkflowEntry } from './references.js';
import type { Procedure } from '../procedure.js';
import { readProcedure, type ProcedureContext } from './read-procedure.js';
import { mainSchema, workflowSchema } from '../schema.js';
import type { Source } from '../yaml/source.js';
import { describe, fieldsOf, report, subsection, validate, type Section } from '../yaml/validate.js';
import { isList, isMap, type ConfigValue } from '../value.js';

export interface ConfigFile {
  readonly path: string;
  readonly sha256: string;
}

/** Everything a main file says, read and checked; procedures in the order in which they are declared. */
export interface Configuration {
  readonly mainFile: string;
  readonly procedures: ReadonlyMap<string, Procedure>;
  readonly workflows: ReadonlyMap<string, WorkflowEntry>;
  readonly warnings: readonly Problem[];
  /** All files that were read. */
  readonly files: readonly ConfigFile[];
}

/** Reads a main file with all that it names. Findings go to `problems`; what is right is in the result all the same. */
export async function readMain(
  source: Source,
  problems: Problem[],
  context: ProcedureContext,
): Promise<Pick<Configuration, 'procedures' | 'workflows'>> {
  const section: Section = { source, path: [], value: source.value, problems };
  const empty = { procedures: new Map<string, Procedure>(), workflows: new Map<string, WorkflowEntry>() };
  if (!isMap(source.value)) {
    report(section, `the main file must be a mapping, not ${describe(source.value)}`, {
      remedy: `it has the fields ${fieldsOf(mainSchema).join(', ')}`,
    });
    return empty;
  }
  const raw = validate(mainSchema, section, 'the main file', fieldsOf(mainSchema));
  if (raw === undefined) return empty;
  const sections: Section[] = [];
  for (const [index, path] of (raw.libraries ?? []).entries()) {
    const library = await context.files.read(path, section, ['libraries', index]);
    if (library !== undefined) sections.push(...librarySections(library, problems));
  }
  sections.push(...listSections(subsection(section, 'procedures')));
  for (const part of sections) for (const name of calibrationNames(part.value)) context.calibrates.add(name);
  const entries: Entry[] = [];
  for (const part of sections) entries.push(await readEntry(part, context));
  for (const part of listSections(subsection(section, 'workflows'))) entries.push(readWorkflow(part));
  checkReferences(entries);
  for (const { name, procedure, workflow } of entries) {
    if (procedure !== undefined && !empty.procedures.has(name)) empty.procedures.set(name, procedure);
    if (workflow !== undefined && !empty.workflows.has(name)) empty.workflows.set(name, workflow);
  }
  return empty;
}

function listSections(section: Section): Section[] {
  return isList(section.value) ? section.value.map((_, index) => subsection(section, index)) : [];
}

function librarySections(source: Source, problems: Problem[]): Section[] {
  const section: Section = { source, path: [], value: source.value, problems };
  if (isList(source.value)) return listSections(section);
  if (source.value !== null) report(section, `a library must be a list of procedures, not ${describe(source.value)}`);
  return [];
}

async function readEntry(section: Section, context: ProcedureContext): Promise<Entry> {
  const procedure = await readProcedure(section, context);
  return { name: procedure?.name ?? nameOf(section.value), section, procedure };
}

function readWorkflow(section: Section): Entry {
  const workflow = validate(workflowSchema, section, 'a workflow', fieldsOf(workflowSchema));
  return { name: workflow?.name ?? nameOf(section.value), section, workflow };
}

/** The name an entry would have, also where something else about it is wrong: others may refer to it. */
function nameOf(value: ConfigValue): string {
  const name = isMap(value) ? value.get('name') : undefined;
  return typeof name === 'string' ? name : '';
}

function calibrationNames(value: ConfigValue): string[] {
  const names = isMap(value) ? (value.get('calibration') ?? null) : null;
  return (isList(names) ? names : [names]).filter((name) => typeof name === 'string');
}
