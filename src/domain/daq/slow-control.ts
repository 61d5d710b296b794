import { formatYaml, parseYaml } from '../config/yaml/yaml.js';
import { halfWiseFirst } from './half-wise.js';
import { isMap, type ConfigMap, type ConfigValue } from '../config/value.js';

/** Messages of the slow-control server: one YAML mapping each way. */
export const slowControlTypes = ['set', 'get', 'describe', 'reset', 'stop'] as const;
export type SlowControlType = (typeof slowControlTypes)[number];

export interface SlowControlRequest {
  readonly type: SlowControlType;
  /** `{roc_s0: {block: {index: {parameter: value}}}}`; null leaves for `get`. */
  readonly args: ConfigMap;
  /** `set` only: the server reads back and compares what it wrote. */
  readonly readBack: boolean;
  /** `get` only: past the server's cache. */
  readonly fromHardware: boolean;
}

export type SlowControlReply =
  | { readonly type: SlowControlType; readonly status: 'success'; readonly args: ConfigMap }
  | { readonly type: SlowControlType; readonly status: 'error'; readonly errmsg: string };

export function slowControlRequest(type: SlowControlType, args: ConfigMap = new Map()): SlowControlRequest {
  return { type, args, readBack: false, fromHardware: false };
}

export function encodeSlowControlRequest(request: SlowControlRequest): string {
  return formatYaml(
    new Map<string, ConfigValue>([
      ['type', request.type],
      ['status', 'send'],
      ['read_back', request.readBack],
      ['from_hardware', request.fromHardware],
      ['args', request.type === 'set' ? halfWiseFirst(request.args) : request.args],
    ]),
  );
}

/** Throws an Error that says what is wrong with the request. */
export function parseSlowControlRequest(text: string): SlowControlRequest {
  const message = parseMapping(text);
  if (message.get('status') !== 'send') throw new Error(`'status' is ${show(message.get('status'))}, not 'send'`);
  const args = message.get('args');
  if (!isMap(args)) throw new Error(`'args' is ${show(args)}, not a mapping`);
  return {
    type: parseType(message),
    args,
    readBack: message.get('read_back') === true,
    fromHardware: message.get('from_hardware') === true,
  };
}

export function encodeSlowControlReply(reply: SlowControlReply): string {
  const fields: [string, ConfigValue][] = [
    ['type', reply.type],
    ['status', reply.status],
    ['args', reply.status === 'success' ? reply.args : new Map()],
  ];
  if (reply.status === 'error') fields.push(['errmsg', reply.errmsg]);
  return formatYaml(new Map(fields));
}

/** Throws an Error that says what is wrong with the reply. */
export function parseSlowControlReply(text: string): SlowControlReply {
  const message = parseMapping(text);
  const type = parseType(message);
  const status = message.get('status');
  if (status === 'error') return { type, status, errmsg: String(message.get('errmsg') ?? 'no reason given') };
  if (status !== 'success') throw new Error(`'status' is ${show(status)}, not 'success' or 'error'`);
  const args = message.get('args');
  return { type, status, args: isMap(args) ? args : new Map() };
}

function parseMapping(text: string): ConfigMap {
  const flat = parseFlat(text);
  if (flat !== undefined) return flat;
  const value = parseYaml(text, 'message');
  if (!isMap(value)) throw new Error(`the message is ${show(value)}, not a mapping`);
  return value;
}

/** Most replies are three lines of plain words, read many times a second; undefined for all others. */
function parseFlat(text: string): ConfigMap | undefined {
  const fields = new Map<string, ConfigValue>();
  for (const line of text.trimEnd().split('\n')) {
    const [, key, value] = /^([a-z_]+): (set|success|\{\})$/.exec(line) ?? [];
    if (key === undefined) return undefined;
    fields.set(key, value === '{}' ? new Map() : value);
  }
  return fields;
}

function parseType(message: ConfigMap): SlowControlType {
  const found = slowControlTypes.find((type) => type === message.get('type'));
  if (found === undefined)
    throw new Error(`'type' is ${show(message.get('type'))}, not one of ${slowControlTypes.join(', ')}`);
  return found;
}

function show(value: ConfigValue | undefined): string {
  return value === undefined ? 'missing' : isMap(value) ? 'a mapping' : JSON.stringify(value);
}

/** The same nesting with null leaves, as `get` asks for values. */
export function withNullLeaves(values: ConfigMap): ConfigMap {
  return new Map([...values].map(([key, value]) => [key, isMap(value) ? withNullLeaves(value) : null]));
}

/** What to `get` for everything that a `describe` tells of: its board's nesting, with null for each range. */
export function everythingDescribed(description: ConfigMap): ConfigMap {
  const [board] = description.values();
  return isMap(board) ? nullForRanges(board) : new Map();
}

function nullForRanges(values: ConfigMap): ConfigMap {
  return new Map(
    [...values].map(([key, value]) => [key, isMap(value) && !value.has('min') ? nullForRanges(value) : null]),
  );
}
