import { DatenraffinerieError } from '../errors.js';
import type { Mode } from '../config/procedure.js';
import { isList, isMap, type ConfigMap, type ConfigValue, type Key } from '../config/value.js';

/** What a child process is told, as JSON in a file; all paths absolute. */
export interface AnalysisJob {
  /** The module's file, or the folder of a Python collection. */
  readonly path: string;
  readonly name: string;
  /** HDF5 tables, one per DAQ procedure. */
  readonly inputs: readonly string[];
  readonly mode: Mode;
  /** As `encodeValue` makes it: JSON alone would turn integer keys into text. */
  readonly parameters: EncodedValue;
  readonly outputDir: string;
  /** Where the child writes its AnalysisReply. */
  readonly reply: string;
}

/** What a child says at its end; `outputs` and `quality` as the analysis gave them. */
export interface AnalysisReply {
  readonly outputs?: unknown;
  readonly quality?: unknown;
  readonly error?: { readonly message: string; readonly remedy?: string };
}

export type EncodedValue =
  | string
  | number
  | boolean
  | null
  | { readonly list: readonly EncodedValue[] }
  | { readonly map: readonly (readonly [Key, EncodedValue])[] };

/** A configuration value as JSON that keeps the types of keys. */
export function encodeValue(value: ConfigValue): EncodedValue {
  if (isMap(value)) return { map: [...value].map(([key, member]) => [key, encodeValue(member)] as const) };
  if (isList(value)) return { list: value.map(encodeValue) };
  return value;
}

export function decodeMap(encoded: EncodedValue): ConfigMap {
  const value = decodeValue(encoded);
  if (isMap(value)) return value;
  throw new DatenraffinerieError('AnalysisError', 'the parameters of an analysis must be a mapping');
}

function decodeValue(encoded: EncodedValue): ConfigValue {
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  if ('list' in encoded) return encoded.list.map(decodeValue);
  return new Map(encoded.map.map(([key, member]) => [key, decodeValue(member)]));
}
