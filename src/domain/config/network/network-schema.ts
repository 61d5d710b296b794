import * as z from 'zod/mini';

/** Shape of a network file, in the present and the older spelling. */
const port = z.union([z.int().check(z.minimum(1), z.maximum(65535)), z.string().check(z.regex(/^\d{1,5}$/))]);
const hostname = z.string().check(z.minLength(1));
const address = z.strictObject({ hostname, port: z.optional(port) });
const command = z.union([z.string().check(z.minLength(1)), z.array(z.string()).check(z.minLength(1))]);
const key = z.union([z.string(), z.number()]);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export const serverSchema = z.strictObject({
  hostname,
  port: z.optional(port),
  sc_ctrl_port: z.optional(port),
  daq_ctrl_port: z.optional(port),
  data_port: z.optional(port),
});

export const recordedParameterSchema = z.strictObject({
  key: z.array(z.union([key, z.array(key).check(z.minLength(1))])).check(z.minLength(1)),
  default: z.optional(scalar),
});

const seconds = z.number().check(z.gt(0));

/** How long a stand is waited for. */
export const timeoutsSchema = z.strictObject({
  command: z.optional(seconds),
  slow_control: z.optional(seconds),
  silence: z.optional(seconds),
  run: z.optional(seconds),
});

export const networkSchema = z.strictObject({
  name: z.optional(z.string().check(z.regex(/^[A-Za-z0-9-]{1,60}$/))),
  kind: z.optional(z.enum(['hexaboard', 'coordinator', 'recorded'])),
  daq_coordinator: z.optional(address),
  server: z.optional(serverSchema),
  target: z.optional(address),
  client: z.optional(address),
  use_client: z.optional(z.boolean()),
  readback: z.optional(z.boolean()),
  full_readback: z.optional(z.boolean()),
  slow_readings: z.optional(
    z.union([command, z.strictObject({ command, every: z.optional(z.number().check(z.minimum(0))) })]),
  ),
  folder: z.optional(z.string().check(z.minLength(1))),
  file: z.optional(z.string().check(z.minLength(1))),
  parameters: z.optional(z.record(z.string(), recordedParameterSchema)),
  timeouts: z.optional(timeoutsSchema),
  run_seconds: z.optional(z.number().check(z.minimum(0))),
});

export type RawNetwork = z.infer<typeof networkSchema>;
