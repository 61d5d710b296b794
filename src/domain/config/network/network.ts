/**
 * Room: the network file: where a stand's services are.
 * May use: domain, domain/config, domain/config/axis, domain/config/yaml.
 */

import type { Problem } from '../../errors.js';
import { networkSchema, type RawNetwork } from './network-schema.js';
import type { Path } from '../procedure.js';
import { expandKey } from '../axis/read-axis.js';
import type { Source } from '../yaml/source.js';
import { parseTemplate } from '../axis/template.js';
import { describe, fieldsOf, report, validate, type Section } from '../yaml/validate.js';
import { isMap, valueAt, type ConfigMap, type ConfigValue, type Scalar } from '../value.js';

export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** A command that prints slow readings (temperatures, bias, currents) as YAML numbers. */
export interface SlowReadings {
  /** Program and arguments; a single text is for the shell. */
  readonly command: string | readonly string[];
  /** Seconds between readings; 0: before each run. */
  readonly everySeconds: number;
}

export interface NetworkTimeouts {
  readonly command?: number;
  readonly slowControl?: number;
  readonly silence?: number;
  readonly run?: number;
}

interface NetworkCommon {
  /** Name of the stand, where the file gives one. */
  readonly name?: string;
  /** Measured or assumed time of one run in seconds, for estimates (and, for recorded files, the time it takes). */
  readonly runSeconds?: number;
  readonly slowReadings?: SlowReadings;
  /** How long the stand is waited for, in seconds; what is not given is as usual. */
  readonly timeouts?: NetworkTimeouts;
}

/** Slow-control server, daq server and, unless we pull the stream ourselves, the daq client. */
export interface HexaboardNetwork extends NetworkCommon {
  readonly kind: 'hexaboard';
  readonly slowControl: Address;
  readonly daqServer: Address;
  /** Where the stream comes from; without port, `zmqPushPull_port` of the configuration says it. */
  readonly data: { readonly hostname: string; readonly port?: number };
  readonly client?: Address;
  readonly useClient: boolean;
  readonly readback: boolean;
  readonly fullReadback: boolean;
}

export interface CoordinatorNetwork extends NetworkCommon {
  readonly kind: 'coordinator';
  readonly coordinator: Address;
  readonly readback: boolean;
  readonly fullReadback: boolean;
}

/** Raw files that are replayed; `parameters` are what the file's template may use, read from the run's state. */
export interface RecordedNetwork extends NetworkCommon {
  readonly kind: 'recorded';
  /** Absolute. */
  readonly folder: string;
  readonly file: string;
  readonly parameters: ReadonlyMap<string, { readonly path: Path; readonly default?: Scalar }>;
}

export type Network = HexaboardNetwork | CoordinatorNetwork | RecordedNetwork;

/** Ports that the services on a board's controller and on the DAQ computer have where the file does not say. */
export const defaultPorts = { slowControl: 5555, daq: 6000, client: 6001, data: 8888, coordinator: 5000 } as const;

/** Reads a network file; findings go to `problems`. `resolve` makes a path of the file absolute. */
export function parseNetwork(
  source: Source,
  problems: Problem[],
  resolve: (path: string) => string,
): Network | undefined {
  const section: Section = { source, path: [], value: source.value, problems };
  if (!isMap(source.value)) {
    report(section, `a network file must be a mapping, not ${describe(source.value)}`);
    return undefined;
  }
  const raw = validate(networkSchema, section, 'the network file', networkFields);
  if (raw === undefined) return undefined;
  const kind = kindOf(raw);
  if (kind === 'recorded') return recorded(section, raw, resolve);
  if (kind === 'coordinator') return coordinator(section, raw);
  return hexaboard(section, raw);
}

const networkFields = [
  ...fieldsOf(networkSchema),
  ...['hostname', 'port', 'sc_ctrl_port', 'daq_ctrl_port', 'data_port'].map((field) => `server.${field}`),
  ...['command', 'slow_control', 'silence', 'run'].map((field) => `timeouts.${field}`),
  ...['target', 'client', 'daq_coordinator'].flatMap((field) => [`${field}.hostname`, `${field}.port`]),
];

/** A `client` section alone decides nothing; a coordinator is used only where said, or where nothing else stands. */
function kindOf(raw: RawNetwork): Network['kind'] {
  if (raw.kind !== undefined) return raw.kind;
  if (raw.server !== undefined || raw.target !== undefined) return 'hexaboard';
  return raw.daq_coordinator === undefined ? 'hexaboard' : 'coordinator';
}

function common(raw: RawNetwork): NetworkCommon {
  const slow = raw.slow_readings;
  const parts = typeof slow === 'string' || Array.isArray(slow) ? { command: slow } : slow;
  return {
    ...(raw.name === undefined ? {} : { name: raw.name }),
    ...(raw.run_seconds === undefined ? {} : { runSeconds: raw.run_seconds }),
    ...(raw.timeouts === undefined ? {} : { timeouts: timeouts(raw.timeouts) }),
    ...(parts === undefined ? {} : { slowReadings: { command: parts.command, everySeconds: parts.every ?? 0 } }),
  };
}

function timeouts({ slow_control: slowControl, ...others }: NonNullable<RawNetwork['timeouts']>): NetworkTimeouts {
  const given = Object.entries({ ...others, slowControl }).filter(([, seconds]) => seconds !== undefined);
  return Object.fromEntries(given);
}

function hexaboard(section: Section, raw: RawNetwork): HexaboardNetwork | undefined {
  const { server, target, client } = raw;
  if (server === undefined) {
    const remedy = raw.folder === undefined ? 'add server: {hostname: …}' : 'add kind: recorded';
    report(section, 'the network file names no daq server', { remedy });
    return undefined;
  }
  if (raw.use_client === true && client === undefined) {
    report(section, 'use_client: true without a client', { keys: ['use_client'], remedy: 'add client: {hostname: …}' });
    return undefined;
  }
  const data = raw.server?.data_port;
  return {
    kind: 'hexaboard',
    ...common(raw),
    slowControl: {
      hostname: target?.hostname ?? server.hostname,
      port: Number(target?.port ?? server.sc_ctrl_port ?? defaultPorts.slowControl),
    },
    daqServer: { hostname: server.hostname, port: Number(server.daq_ctrl_port ?? server.port ?? defaultPorts.daq) },
    data: { hostname: server.hostname, ...(data === undefined ? {} : { port: Number(data) }) },
    ...(client === undefined
      ? {}
      : { client: { hostname: client.hostname, port: Number(client.port ?? defaultPorts.client) } }),
    useClient: raw.use_client ?? false,
    readback: raw.readback ?? false,
    fullReadback: raw.full_readback ?? false,
  };
}

function coordinator(section: Section, raw: RawNetwork): CoordinatorNetwork | undefined {
  if (raw.daq_coordinator === undefined) {
    const remedy = 'add daq_coordinator: {hostname: …, port: …}';
    report(section, 'kind: coordinator without a daq_coordinator', { keys: ['kind'], remedy });
    return undefined;
  }
  const { hostname, port } = raw.daq_coordinator;
  return {
    kind: 'coordinator',
    ...common(raw),
    coordinator: { hostname, port: Number(port ?? defaultPorts.coordinator) },
    readback: raw.readback ?? false,
    fullReadback: raw.full_readback ?? false,
  };
}

function recorded(section: Section, raw: RawNetwork, resolve: (path: string) => string): RecordedNetwork | undefined {
  if (raw.folder === undefined || raw.file === undefined) {
    const missing = raw.folder === undefined ? 'folder' : 'file';
    report(section, `kind: recorded without '${missing}'`, { keys: ['kind'], remedy: `add ${missing}: …` });
    return undefined;
  }
  const parameters = new Map<string, { path: Path; default?: Scalar }>();
  for (const [name, { key, default: fallback }] of Object.entries(raw.parameters ?? {})) {
    parameters.set(name, { path: expandKey(key)[0], ...(fallback === undefined ? {} : { default: fallback }) });
  }
  const network = {
    kind: 'recorded' as const,
    ...common(raw),
    folder: resolve(raw.folder),
    file: raw.file,
    parameters,
  };
  return checkTemplate(section, network) ? network : undefined;
}

/** Renders the template once, so that a name it does not know is found before any run. */
function checkTemplate(section: Section, network: RecordedNetwork): boolean {
  try {
    const names = [...network.parameters.keys()].map((name) => [name, 1] as const);
    parseTemplate(network.file).render(Object.fromEntries(names));
    return true;
  } catch (error) {
    const names = [...network.parameters.keys()].join(', ') || 'none';
    const remedy = `names that may be used (from 'parameters'): ${names}`;
    report(section, `the template of the file: ${error instanceof Error ? error.message : String(error)}`, {
      keys: ['file'],
      remedy,
    });
    return false;
  }
}

/** Name of the recorded file of a run, relative to the folder; throws an Error where a parameter is missing. */
export function recordedFile(network: RecordedNetwork, state: ConfigMap): string {
  const values: Record<string, ConfigValue> = {};
  for (const [name, { path, default: fallback }] of network.parameters) {
    const value = valueAt(state, path) ?? fallback;
    if (value === undefined) throw new Error(`the configuration has no '${path.join('.')}' and '${name}' no default`);
    values[name] = value;
  }
  return parseTemplate(network.file).render(values);
}
