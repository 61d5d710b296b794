import { DatenraffinerieError } from '../errors.js';
import type { Mode } from '../config/procedure.js';
import {
  Float,
  isList,
  isMap,
  type ConfigMap,
  type ConfigValue,
  type Scalar,
  type TypedValue,
} from '../config/value.js';

/** What a child process is told, as JSON in a file; all paths absolute. */
export interface AnalysisJob {
  /** The module's file, or the folder of a Python collection. */
  readonly path: string;
  readonly name: string;
  /** HDF5 tables, one per DAQ procedure. */
  readonly inputs: readonly string[];
  readonly mode: Mode;
  /** As `encodeValue` makes it: JSON alone would turn integer keys into text and infinity into null. */
  readonly parameters: EncodedValue;
  readonly outputDir: string;
  /** Where the child writes its AnalysisReply. */
  readonly reply: string;
  /** It is only made and asked for its outputs: what is wrong with it shows before hours of runs. */
  readonly onlyMake?: true;
}

/** What a child says at its end; `outputs` and `quality` as the analysis gave them. */
export interface AnalysisReply {
  readonly outputs?: unknown;
  readonly quality?: unknown;
  readonly error?: { readonly message: string; readonly remedy?: string };
}

/** The child's exit code where the disk has no room for its reply (EX_IOERR of sysexits.h); also in runner.py. */
export const noRoomForReply = 74;

/** What a child wrote; undefined where it is no reply, or only a part of one. */
export function parseReply(text: string): AnalysisReply | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isReply(value) ? value : undefined;
  } catch {
    return undefined; // not JSON
  }
}

function isReply(value: unknown): value is AnalysisReply {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  if (!('error' in value)) return true;
  const { error } = value;
  if (typeof error !== 'object' || error === null || !('message' in error)) return false;
  return typeof error.message === 'string' && (!('remedy' in error) || typeof error.remedy === 'string');
}

type EncodedScalar = string | number | boolean | null | { readonly float: string };

export type EncodedValue =
  | EncodedScalar
  | { readonly list: readonly EncodedValue[] }
  | { readonly map: readonly (readonly [EncodedScalar, EncodedValue])[] };

/** A configuration value as JSON that keeps the types of keys, and floats as floats. */
export function encodeValue(value: TypedValue): EncodedValue {
  if (isMap(value))
    return { map: [...value].map(([key, member]) => [encodeScalar(key), encodeValue(member)] as const) };
  if (isList(value)) return { list: value.map(encodeValue) };
  return encodeScalar(value);
}

/** JSON has neither NaN nor infinity, and Python takes a number without a dot for an integer, of whatever size. */
function encodeScalar(value: Scalar | Float): EncodedScalar {
  if (value instanceof Float) return { float: floatText(value.value) };
  if (typeof value !== 'number') return value;
  const looksLikeIt = Number.isInteger(value) ? Number.isSafeInteger(value) && !Object.is(value, -0) : isFinite(value);
  return looksLikeIt ? value : { float: floatText(value) };
}

/** As both `float()` of Python and we read it. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

const notFinite: Readonly<Record<string, number>> = { nan: NaN, inf: Infinity, '-inf': -Infinity };

export function decodeMap(encoded: EncodedValue): ConfigMap {
  const value = decodeValue(encoded);
  if (isMap(value)) return value;
  throw new DatenraffinerieError('AnalysisError', 'the parameters of an analysis must be a mapping');
}

function decodeValue(encoded: EncodedValue): ConfigValue {
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  if ('list' in encoded) return encoded.list.map(decodeValue);
  if ('map' in encoded) return new Map(encoded.map.map(([key, member]) => [decodeScalar(key), decodeValue(member)]));
  return decodeScalar(encoded);
}

function decodeScalar(encoded: EncodedScalar): Scalar {
  if (typeof encoded !== 'object' || encoded === null) return encoded;
  return notFinite[encoded.float] ?? Number(encoded.float);
}
