import { parameterProblems } from '../../analysis/parameters.js';
import { declaredParameters } from '../../analysis/shipped.js';
import { adaptAxis, makeAxis } from '../axis/axis.js';
import { checkContext, type CheckContext } from '../axis/check-axis.js';
import { checkColumns, type ReadAxis } from './column-names.js';
import { warnOfOwnChannels } from '../axis/half-wise-axis.js';
import { unfitModule } from '../name.js';
import { modernise } from './old-spelling.js';
import { updateMap } from '../overlay.js';
import type { AnalysisProcedure, DaqProcedure, PointOrder, Procedure } from '../procedure.js';
import { readAxis } from '../axis/read-axis.js';
import { dataFormatOf } from './data-format.js';
import { readDefaults, readInit, reportLengths, type Files } from './read-states.js';
import { adaptRoots, rootLayout } from '../roots.js';
import { analysisSchema, daqSchema, type RawDaq } from '../schema.js';
import { typedMap } from './typed-value.js';
import { describe, fieldsOf, report, subsection, validate, type Section } from '../yaml/validate.js';
import { isList, isMap, listOf, type ConfigMap, type TypedMap } from '../value.js';

export interface ProcedureContext {
  readonly files: Files;
  /** Old names that were warned of. */
  readonly warned: Set<string>;
  /** Names that a `calibration` field names: such an analysis provides one, also where it does not say so. */
  readonly calibrates: Set<string>;
  /** Whether an analysis of that name is the user's own: the declarations of one that ships do not hold for it. */
  readonly isOwn?: ((analysis: string) => Promise<boolean>) | undefined;
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

async function readAnalysis(section: Section, context: ProcedureContext): Promise<AnalysisProcedure | undefined> {
  const raw = validate(analysisSchema, section, 'an analysis procedure', fieldsOf(analysisSchema));
  if (raw === undefined) return undefined;
  const moduleName = raw.module_name ?? raw.name;
  const unfit = unfitModule(moduleName);
  if (unfit !== undefined) {
    const keys = [raw.module_name === undefined ? 'name' : 'module_name'];
    report(section, `'${moduleName}' ${unfit}`, { keys, remedy: 'module_name names it: letters, digits, _ and -' });
  }
  const { value, source, path } = subsection(section, 'parameters');
  const parameters = isMap(value) ? typedMap(value, source, path) : new Map();
  await checkParameters(section, moduleName, parameters, context);
  return {
    type: 'analysis',
    name: raw.name,
    daq: listOf(raw.daq),
    moduleName,
    parameters,
    compatibleModes: listOf(raw.compatible_modes ?? 'summary'),
    providesCalibration: raw.provides_calibration ?? context.calibrates.has(raw.name),
  };
}

/** Before the run what the analysis would refuse; only where it is known that it is the one that ships. */
async function checkParameters(
  section: Section,
  analysis: string,
  parameters: TypedMap,
  { isOwn }: ProcedureContext,
): Promise<void> {
  const declared = declaredParameters(analysis);
  if (isOwn === undefined || declared === undefined || (await isOwn(analysis))) return;
  for (const { name, message, remedy } of parameterProblems(declared, parameters)) {
    const own = `an analysis '${analysis}' of your own is looked for in the folders of DATENRAFFINERIE_ANALYSES`;
    const text = remedy === undefined ? own : `${remedy}; ${own}`;
    report(section, `${analysis}: ${message}`, { keys: ['parameters', name], at: 'key', remedy: text });
  }
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
  const failed = (): boolean => section.problems.slice(before).some(({ severity }) => severity === 'error');
  const states = layInit(section, defaultState, initState, failed());
  const startState = states?.startState ?? defaultState ?? new Map();
  const axes = readAxes(section, check, startState);
  const dataFormat = defaultState === undefined ? 'raw' : dataFormatOf(section, raw, startState);
  if (defaultState !== undefined) {
    const { mode, dataColumns } = settings(raw);
    const request = { mode, dataColumns, startState };
    reportLengths(subsection(section, 'parameters'), () => checkColumns(section, axes, request), failed());
  }
  if (defaultState === undefined || initState === undefined || states === undefined || failed()) return undefined;
  return {
    type: 'daq',
    name: raw.name,
    ...settings(raw),
    dataFormat,
    defaultState,
    initState: states.initState,
    axes: axes.map(({ axis }) => axis),
    allowNewParameters,
  };
}

/** Init with its parts where the default has them, and init laid on the default, as plans do it. */
function layInit(
  section: Section,
  defaultState: ConfigMap = new Map(),
  initState: ConfigMap = new Map(),
  reported = false,
): { readonly initState: ConfigMap; readonly startState: ConfigMap } | undefined {
  const lay = () => {
    const adapted = adaptRoots(initState, rootLayout(defaultState));
    return { initState: adapted, startState: updateMap(defaultState, adapted) };
  };
  return reportLengths(subsection(section, 'system_settings'), lay, reported);
}

/** The fields that need no files. */
function settings(raw: RawDaq) {
  return {
    mode: raw.mode ?? 'summary',
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

/** @param state default and init together */
function readAxes(section: Section, check: CheckContext, state: ConfigMap): ReadAxis[] {
  const written = subsection(section, 'parameters').value;
  const axes: ReadAxis[] = [];
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
    axes.push({ axis, section: below });
  }
  return axes;
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) if (!taken.has(`${name}_${n}`)) return `${name}_${n}`;
}
