import * as z from 'zod/mini';

/**
 * Shapes of the files users write, in their present spelling. Names, files and registers are checked elsewhere; here
 * stands what a field may hold. Mappings of registers have text keys here only because JSON schemas know no others.
 */
const paths = z.union([z.string(), z.array(z.string()).check(z.minLength(1))]);
const names = z.union([z.string(), z.array(z.string())]);
const mapping = z.record(z.string(), z.unknown());
const text = z.string().check(z.minLength(1));
const key = z.union([z.string(), z.number()]);
const keyPath = z.array(z.union([key, z.array(key).check(z.minLength(1))])).check(z.minLength(1));
const count = z.int().check(z.minimum(1));
const dataFormat = z.enum(['raw', 'characterisation']);

export const rangeSchema = z.strictObject({
  start: z.optional(z.number()),
  stop: z.number(),
  step: z.optional(z.number()),
  points: z.optional(count),
  logarithmic: z.optional(z.boolean()),
  integer: z.optional(z.boolean()),
});

const values = z.union([z.array(z.unknown()), rangeSchema]);
const axisNames = { name: z.optional(text), unit: z.optional(z.string()), label: z.optional(z.string()) };
const axisValues = { values: z.optional(values), range: z.optional(values) };

export const axisSchemas = {
  key: z.strictObject({ key: z.optional(keyPath), keys: z.optional(z.array(keyPath)), ...axisValues, ...axisNames }),
  template: z.strictObject({ template: z.string(), default: z.optional(z.string()), ...axisValues, ...axisNames }),
  patches: z.strictObject({ ...axisValues, ...axisNames }),
  zip: z.strictObject({ zip: z.array(z.unknown()).check(z.minLength(1)), ...axisNames }),
} as const;

const systemSettings = z.strictObject({
  default: paths,
  init: z.optional(paths),
  override: z.optional(z.nullable(mapping)),
  allow_new_parameters: z.optional(z.boolean()),
});

export const daqSchema = z.strictObject({
  type: z.literal('daq'),
  name: text,
  system_settings: systemSettings,
  parameters: z.optional(z.nullable(z.array(z.unknown()))),
  calibration: z.optional(z.nullable(names)),
  merge: z.optional(z.boolean()),
  mode: z.optional(z.enum(['summary', 'full'])),
  data_format: z.optional(z.union([dataFormat, z.strictObject({ force: dataFormat })])),
  data_columns: z.optional(z.nullable(z.array(z.string()))),
  repeat: z.optional(count),
  run_start_tdc_procedure: z.optional(z.boolean()),
  order: z.optional(z.enum(['linear', 'snake', 'shuffle'])),
  seed: z.optional(z.int()),
  min_events: z.optional(z.int().check(z.minimum(0))),
  max_failed_runs: z.optional(z.int().check(z.minimum(0))),
});

const mode = z.enum(['summary', 'full']);

export const analysisSchema = z.strictObject({
  type: z.literal('analysis'),
  name: text,
  daq: names,
  module_name: z.optional(text),
  parameters: z.optional(z.nullable(mapping)),
  compatible_modes: z.optional(z.union([mode, z.array(mode).check(z.minLength(1))])),
  provides_calibration: z.optional(z.boolean()),
});

export const workflowSchema = z.strictObject({ name: text, tasks: z.array(z.string()).check(z.minLength(1)) });

export const mainSchema = z.strictObject({
  libraries: z.optional(z.nullable(z.array(z.string()))),
  procedures: z.optional(z.nullable(z.array(z.unknown()))),
  workflows: z.optional(z.nullable(z.array(z.unknown()))),
});

export type RawDaq = z.infer<typeof daqSchema>;
export type RawRange = z.infer<typeof rangeSchema>;
