import type { Problem } from '../errors.js';
import { adaptAxis } from './adapt-axis.js';
import { makeAxis } from './axis.js';
import { checkContext, checkPart, type CheckContext } from './check-axis.js';
import { checkColumns } from './column-names.js';
import { warnOfOwnChannels } from './half-wise-axis.js';
import { modernise } from './old-spelling.js';
import { ListLengthError, updateMap } from './overlay.js';
import type { AnalysisProcedure, Axis, DaqProcedure, PointOrder, Procedure } from './procedure.js';
import { readAxis } from './read-axis.js';
import { adaptRoots, isRoot, rootLayout } from './roots.js';
import { analysisSchema, daqSchema, type RawDaq } from './schema.js';
import type { Source } from './source.js';
import { describe, fieldsOf, report, subsection, validate, type Section } from './validate.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key } from './value.js';

/** What the reader of procedures needs from outside: files named in them, relative to the file they are named in. */
export interface Files {
  /** The file's source; undefined where it cannot be read, which was then reported at `keys` of the section. */
  read(path: string, section: Section, keys: readonly Key[]): Promise<Source | undefined>;
}

export interface ProcedureContext {
  readonly files: Files;
  /** Old names that were warned of. */
  readonly warned: Set<string>;
  /** Names that a `calibration` field names: such an analysis provides one, also where it does not say so. */
  readonly calibrates: Set<string>;
}

/** Reads one procedure; undefined, with everything reported, where it is wrong. */
export async function readProcedure(given: Section, context: ProcedureContext): Promise<Procedure | undefined> {
  if (!isMap(given.value)) {
    report(given, `a procedure must be a mapping, not ${describe(given.value)}`);
    return undefined;
  }
  const { section, wrapTarget } = modernise(given, context.warned);
  const type = isMap(section.value) ? section.value.get('type') : undefined;
  if (type === 'analysis') return readAnalysis(section, context);
  if (type === 'daq') return readDaq(section, wrapTarget, context);
  const remedy = 'type is daq or analysis';
  if (type === undefined) report(section, "the procedure has no 'type'", { remedy, at: 'key' });
  else report(section, `unknown type ${describe(type)}`, { keys: ['type'], remedy });
  return undefined;
}

function readAnalysis(section: Section, context: ProcedureContext): AnalysisProcedure | undefined {
  const raw = validate(analysisSchema, section, 'an analysis procedure', fieldsOf(analysisSchema));
  if (raw === undefined) return undefined;
  const parameters = isMap(section.value) ? section.value.get('parameters') : undefined;
  return {
    type: 'analysis',
    name: raw.name,
    daq: listOf(raw.daq),
    moduleName: raw.module_name ?? raw.name,
    parameters: isMap(parameters) ? parameters : new Map(),
    compatibleModes: listOf(raw.compatible_modes ?? 'summary'),
    providesCalibration: raw.provides_calibration ?? context.calibrates.has(raw.name),
  };
}

const daqFields = [
  ...fieldsOf(daqSchema),
  ...fieldsOf(daqSchema.shape.system_settings).map((field) => `system_settings.${field}`),
];

async function readDaq(
  section: Section,
  wrapTarget: boolean,
  context: ProcedureContext,
): Promise<DaqProcedure | undefined> {
  const before = section.problems.length;
  const raw = validate(daqSchema, section, 'a DAQ procedure', daqFields);
  if (raw === undefined) return undefined;
  const allowNewParameters = raw.system_settings.allow_new_parameters ?? false;
  const defaultState = await readDefaults(section, raw, wrapTarget, context);
  const check = checkContext(defaultState, allowNewParameters);
  const initState = await readInit(section, raw, wrapTarget, { ...context, check });
  const state = updateMap(defaultState ?? new Map(), initState ?? new Map());
  const axes = readAxes(section, check, state);
  if (defaultState !== undefined) {
    const columns = axes.flatMap((axis) => [axis.name, ...axis.columns(0).keys()]);
    checkColumns(section, raw.data_columns ?? [], raw.mode ?? 'summary', state, columns);
  }
  if (defaultState === undefined || initState === undefined) return undefined;
  if (section.problems.slice(before).some(({ severity }) => severity === 'error')) return undefined;
  const layout = rootLayout(defaultState);
  return {
    type: 'daq',
    name: raw.name,
    ...settings(raw),
    defaultState,
    initState: adaptRoots(initState, layout),
    axes,
    allowNewParameters,
  };
}

/** The fields that need no files. */
function settings(raw: RawDaq) {
  return {
    mode: raw.mode ?? 'summary',
    dataFormat: raw.data_format ?? 'raw',
    dataColumns: raw.data_columns ?? [],
    merge: raw.merge ?? true,
    repeat: raw.repeat ?? 1,
    runStartTdcProcedure: raw.run_start_tdc_procedure ?? false,
    order: orderOf(raw),
    calibration: listOf(raw.calibration ?? []),
    ...(raw.min_events === undefined ? {} : { minEvents: raw.min_events }),
    ...(raw.max_failed_runs === undefined ? {} : { maxFailedRuns: raw.max_failed_runs }),
  } as const;
}

function orderOf(raw: RawDaq): PointOrder {
  if (raw.order === 'shuffle') return { kind: 'shuffle', seed: raw.seed ?? 0 };
  return { kind: raw.order ?? 'linear' };
}

/** Overlay of the default files. */
async function readDefaults(
  section: Section,
  raw: RawDaq,
  wrapTarget: boolean,
  { files }: ProcedureContext,
): Promise<ConfigMap | undefined> {
  const paths = listOf(raw.system_settings.default);
  if (paths.length === 0)
    report(section, 'no default configuration is named', { keys: ['system_settings'], at: 'key' });
  const parts = await readParts(section, 'default', paths, wrapTarget, files);
  let state: ConfigMap = new Map();
  for (const part of parts) state = lay(state, part?.value ?? new Map(), part?.section ?? section) ?? state;
  return parts.length > 0 && parts.every((part) => part !== undefined) ? state : undefined;
}

/** Overlay of the init files, then of `override`, each checked against the default. */
async function readInit(
  section: Section,
  raw: RawDaq,
  wrapTarget: boolean,
  context: ProcedureContext & { readonly check: CheckContext },
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
  try {
    return updateMap(below, above);
  } catch (error) {
    if (!(error instanceof ListLengthError)) throw error;
    report(section, error.message, { keys: error.path, remedy: error.remedy });
    return undefined;
  }
}

/** @param state default and init together */
function readAxes(section: Section, check: CheckContext, state: ConfigMap): Axis[] {
  const written = subsection(section, 'parameters').value;
  const axes: Axis[] = [];
  const names = new Set<string>();
  for (const index of isList(written) ? written.keys() : []) {
    const below = subsection(section, 'parameters', index);
    const spec = readAxis(below, `axis_${index + 1}`, check);
    if (spec === undefined) continue;
    const named = isMap(below.value) && below.value.has('name');
    if (named && names.has(spec.name)) report(below, `a second axis is called '${spec.name}'`, { keys: ['name'] });
    const name = freeName(spec.name, names);
    names.add(name);
    const axis = makeAxis({ ...adaptAxis(spec, check.layout), name });
    warnOfOwnChannels(below, axis, state);
    axes.push(axis);
  }
  return axes;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}_${n}`)) return `${name}_${n}`;
}

/** `x` and `[x]` mean the same. */
export function listOf<T extends ConfigValue>(value: T | readonly T[]): readonly T[] {
  return isMany(value) ? value : [value];
}

function isMany<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
