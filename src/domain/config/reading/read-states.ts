import type { Problem } from '../../errors.js';
import { checkPart, type CheckContext } from '../axis/check-axis.js';
import { ListLengthError, updateMap } from '../overlay.js';
import { isRoot } from '../roots.js';
import { strayRoots } from '../stray-roots.js';
import type { RawDaq } from '../schema.js';
import type { Source } from '../yaml/source.js';
import { describe, report, subsection, type Section } from '../yaml/validate.js';
import { isList, isMap, listOf, type ConfigMap, type Key } from '../value.js';

/** What the reader of procedures needs from outside: files named in them, relative to the file they are named in. */
export interface Files {
  /** The file's source; undefined where it cannot be read, which was then reported at `keys` of the section. */
  read(path: string, section: Section, keys: readonly Key[]): Promise<Source | undefined>;
}

/** Overlay of the default files. */
export async function readDefaults(
  section: Section,
  raw: RawDaq,
  wrapTarget: boolean,
  { files }: { readonly files: Files },
): Promise<ConfigMap | undefined> {
  const paths = listOf(raw.system_settings.default);
  if (paths.length === 0)
    report(section, 'no default configuration is named', { keys: ['system_settings'], at: 'key' });
  const parts = await readParts(section, 'default', paths, wrapTarget, files);
  for (const part of parts) if (part !== undefined) reportRoots(part.section, part.value);
  let state: ConfigMap = new Map();
  for (const part of parts) state = lay(state, part?.value ?? new Map(), part?.section ?? section) ?? state;
  return parts.length > 0 && parts.every((part) => part !== undefined) ? state : undefined;
}

/** Reports what stands in a full configuration where nobody looks for it. */
function reportRoots(section: Section, value: ConfigMap): void {
  for (const { path, message, remedy, severity } of strayRoots(value))
    report(section, message, { keys: path, at: 'key', severity, remedy });
}

/** Overlay of the init files, then of `override`, each checked against the default. */
export async function readInit(
  section: Section,
  raw: RawDaq,
  wrapTarget: boolean,
  context: { readonly files: Files; readonly check: CheckContext },
): Promise<ConfigMap | undefined> {
  const parts = await readParts(section, 'init', listOf(raw.system_settings.init ?? []), wrapTarget, context.files);
  let state: ConfigMap | undefined = new Map();
  for (const part of parts) {
    if (part === undefined) continue; // reported; the others are looked at all the same
    checkPart(part.section, part.value, context.check, (path) => (part.wrapped ? path.slice(1) : path));
    state = state && lay(state, part.value, part.section);
  }
  const below = subsection(section, 'system_settings', 'override');
  if (!isMap(below.value)) return state;
  checkPart(below, below.value, context.check, (path) => path);
  return state && lay(state, below.value, below);
}

interface Part {
  readonly section: Section;
  readonly value: ConfigMap;
  /** A root `target` was put above it. */
  readonly wrapped: boolean;
}

async function readParts(
  section: Section,
  field: string,
  paths: readonly string[],
  wrapTarget: boolean,
  files: Files,
): Promise<(Part | undefined)[]> {
  const written = subsection(section, 'system_settings', field).value;
  const parts: (Part | undefined)[] = [];
  for (const [index, path] of paths.entries()) {
    const keys = ['system_settings', field, ...(isList(written) ? [index] : [])];
    const source = await files.read(path, section, keys);
    parts.push(source === undefined ? undefined : partOf(source, wrapTarget, section.problems));
  }
  return parts;
}

function partOf(source: Source, wrapTarget: boolean, problems: Problem[]): Part | undefined {
  const section = { source, path: [], value: source.value, problems };
  if (source.value === null) return { section, value: new Map(), wrapped: false };
  if (!isMap(source.value)) {
    report(section, `a configuration must be a mapping, not ${describe(source.value)}`);
    return undefined;
  }
  const wrapped = wrapTarget && ![...source.value.keys()].some(isRoot);
  return { section, value: wrapped ? new Map([['target', source.value]]) : source.value, wrapped };
}

/** Lays one part on another; lists of different length are reported. */
function lay(below: ConfigMap, above: ConfigMap, section: Section): ConfigMap | undefined {
  return reportLengths(section, () => updateMap(below, above));
}

/** What `make` makes; undefined where lists of different length lie on each other, which is reported unless it was. */
export function reportLengths<T>(section: Section, make: () => T, reported = false): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ListLengthError)) throw error;
    if (!reported) report(section, error.message, { keys: error.path, remedy: error.remedy });
    return undefined;
  }
}
