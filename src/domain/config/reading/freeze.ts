import * as z from 'zod/mini';
import { ConfigError, DatenraffinerieError } from '../../errors.js';
import { makeAxis } from '../axis/axis.js';
import { layCalibrations } from '../calibration.js';
import type { AnalysisProcedure, AxisSpec, DaqProcedure, PointOrder, Procedure } from '../procedure.js';
import type { Source } from '../yaml/source.js';
import { typedMap } from './typed-value.js';
import {
  isList,
  isMap,
  type ConfigMap,
  type ConfigValue,
  type Key,
  type Scalar,
  type TypedMap,
  type TypedValue,
} from '../value.js';
import { formatYaml, parseSource } from '../yaml/yaml.js';

/** Version of the frozen form; a worker of another version refuses it instead of measuring something else. */
const version = 1;

/**
 * A procedure with everything resolved as one YAML text: default state, init state, axes with their values.
 * `thawProcedure` makes the same procedure of it, with the same plan and run keys, without the user's files.
 */
export function freezeProcedure(procedure: Procedure): string {
  return formatYaml(procedure.type === 'daq' ? daqMap(procedure) : analysisMap(procedure));
}

/**
 * A DAQ procedure as it is measured: under its planned name (`pedestal.2`), with calibrations laid on init.
 * Throws ConfigError where one does not fit.
 */
export function asPlanned(procedure: DaqProcedure, name: string, calibrations: readonly ConfigMap[]): DaqProcedure {
  return { ...procedure, name, calibration: [], initState: layCalibrations(procedure, calibrations) };
}

/** The procedure of a frozen file; calibrations are in its init state, so `makePlan` gets none. */
export function thawProcedure(text: string): Procedure {
  const source = parseSource(text, 'frozen procedure');
  const { value } = source;
  if (!isMap(value)) throw new DatenraffinerieError('ConfigError', 'a frozen procedure is a mapping');
  const fields = fieldsSchema.safeParse(
    Object.fromEntries([...value].map(([key, member]) => [String(key), shallow(member)])),
  );
  if (!fields.success) throw refused(fields.error.issues[0]?.path.join('.') ?? '');
  if (fields.data.version !== version) {
    throw new DatenraffinerieError(
      'ConfigError',
      `a frozen procedure of version ${fields.data.version}, not ${version}`,
      {
        remedy: 'all workers must run the same version of the software',
      },
    );
  }
  return fields.data.type === 'daq' ? thawDaq(value, fields.data) : thawAnalysis(source, value, fields.data);
}

/** A frozen DAQ procedure; throws ConfigError where it is an analysis. */
export function thawDaqProcedure(text: string): DaqProcedure {
  const procedure = thawProcedure(text);
  if (procedure.type !== 'daq')
    throw new DatenraffinerieError('ConfigError', `'${procedure.name}' is no DAQ procedure`);
  return procedure;
}

function daqMap(procedure: DaqProcedure): ConfigMap {
  const order = procedure.order ?? { kind: 'linear' };
  return mapOf({
    version,
    type: 'daq',
    name: procedure.name,
    mode: procedure.mode,
    data_format: procedure.dataFormat,
    data_columns: procedure.dataColumns,
    merge: procedure.merge,
    repeat: procedure.repeat,
    run_start_tdc_procedure: procedure.runStartTdcProcedure,
    order: order.kind,
    seed: order.kind === 'shuffle' ? order.seed : undefined,
    min_events: procedure.minEvents,
    max_failed_runs: procedure.maxFailedRuns,
    allow_new_parameters: procedure.allowNewParameters,
    default: procedure.defaultState,
    init: procedure.initState,
    axes: procedure.axes.map(({ spec }) => axisMap(spec)),
  });
}

function analysisMap(procedure: AnalysisProcedure): TypedMap {
  return mapOf<TypedValue>({
    version,
    type: 'analysis',
    name: procedure.name,
    daq: procedure.daq,
    module_name: procedure.moduleName,
    compatible_modes: procedure.compatibleModes,
    provides_calibration: procedure.providesCalibration,
    parameters: procedure.parameters,
  });
}

function axisMap(spec: AxisSpec): ConfigMap {
  const { kind, name, unit, label } = spec;
  const names = { kind, name, unit, label };
  if (spec.kind === 'zip') return mapOf({ ...names, members: spec.members.map(axisMap) });
  if (spec.kind === 'key') return mapOf({ ...names, paths: spec.paths, values: spec.values });
  return mapOf({ ...names, values: spec.values, patches: spec.patches, defaults: spec.defaults });
}

function mapOf<T extends TypedValue = ConfigValue>(
  fields: Readonly<Record<string, T | undefined>>,
): ReadonlyMap<Key, T> {
  const map = new Map<Key, T>();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) map.set(key, value);
  return map;
}

const mode = z.enum(['summary', 'full']);
const strings = z.array(z.string());
const common = { version: z.number(), name: z.string() };
const fieldsSchema = z.discriminatedUnion('type', [
  z.object({
    ...common,
    type: z.literal('daq'),
    mode,
    data_format: z.enum(['raw', 'characterisation']),
    data_columns: strings,
    merge: z.boolean(),
    repeat: z.int(),
    run_start_tdc_procedure: z.boolean(),
    order: z.enum(['linear', 'snake', 'shuffle']),
    seed: z.optional(z.int()),
    min_events: z.optional(z.int()),
    max_failed_runs: z.optional(z.int()),
    allow_new_parameters: z.boolean(),
  }),
  z.object({
    ...common,
    type: z.literal('analysis'),
    daq: strings,
    module_name: z.string(),
    compatible_modes: z.array(mode),
    provides_calibration: z.boolean(),
  }),
]);
type Fields<T> = Extract<z.infer<typeof fieldsSchema>, { type: T }>;

function thawDaq(value: ConfigMap, fields: Fields<'daq'>): DaqProcedure {
  const order: PointOrder =
    fields.order === 'shuffle' ? { kind: 'shuffle', seed: fields.seed ?? 0 } : { kind: fields.order };
  return {
    type: 'daq',
    name: fields.name,
    mode: fields.mode,
    dataFormat: fields.data_format,
    dataColumns: fields.data_columns,
    merge: fields.merge,
    repeat: fields.repeat,
    runStartTdcProcedure: fields.run_start_tdc_procedure,
    order,
    ...(fields.min_events === undefined ? {} : { minEvents: fields.min_events }),
    ...(fields.max_failed_runs === undefined ? {} : { maxFailedRuns: fields.max_failed_runs }),
    allowNewParameters: fields.allow_new_parameters,
    calibration: [],
    defaultState: requiredMap(value, 'default'),
    initState: requiredMap(value, 'init'),
    axes: requiredList(value, 'axes').map((axis) => makeAxis(thawAxis(axis))),
  };
}

function thawAnalysis(source: Source, value: ConfigMap, fields: Fields<'analysis'>): AnalysisProcedure {
  return {
    type: 'analysis',
    name: fields.name,
    daq: fields.daq,
    moduleName: fields.module_name,
    compatibleModes: fields.compatible_modes,
    providesCalibration: fields.provides_calibration,
    parameters: typedMap(requiredMap(value, 'parameters'), source, ['parameters']),
  };
}

function thawAxis(value: ConfigValue): AxisSpec {
  if (!isMap(value)) throw refused('axes');
  const [kind, name, unit, label] = ['kind', 'name', 'unit', 'label'].map((field) => value.get(field));
  if (typeof name !== 'string') throw refused('axes.name');
  const names = {
    name,
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(typeof label === 'string' ? { label } : {}),
  };
  if (kind === 'zip') return { kind, ...names, members: requiredList(value, 'members').map(thawAxis) };
  if (kind === 'key')
    return { kind, ...names, paths: requiredList(value, 'paths').map(scalars), values: requiredList(value, 'values') };
  if (kind !== 'patch') throw refused('axes.kind');
  const patches = requiredList(value, 'patches').filter(isMap);
  return {
    kind,
    ...names,
    values: scalars(requiredList(value, 'values')),
    patches,
    defaults: requiredMap(value, 'defaults'),
  };
}

function scalars(value: ConfigValue): Scalar[] {
  if (!isList(value)) throw refused('axes.paths');
  return value.filter((element): element is Scalar => !isMap(element) && !isList(element));
}

function requiredMap(value: ConfigMap, key: string): ConfigMap {
  const member = value.get(key);
  if (!isMap(member)) throw refused(key);
  return member;
}

function requiredList(value: ConfigMap, key: string): readonly ConfigValue[] {
  const member = value.get(key);
  if (!isList(member)) throw refused(key);
  return member;
}

/** Scalars and lists of them as they are; the schema does not look into configurations. */
function shallow(value: ConfigValue): unknown {
  return isMap(value) ? {} : value;
}

function refused(field: string): ConfigError {
  return new ConfigError([{ severity: 'error', message: `a frozen procedure with a wrong or missing '${field}'` }]);
}
