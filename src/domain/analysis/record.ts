import { DatenraffinerieError } from '../errors.js';
import type { Quality } from './interface.js';
import { isInside, parseOutputs } from './outputs.js';
import { parseQuality } from './quality.js';

/** How the parts of a key are made; keys that say nothing are of version 1 (release 2.0.0). */
export const keyVersion = 2;

/** All that decides what an analysis gives, as hashes (hex). */
export interface AnalysisKey {
  readonly version?: number;
  readonly inputs: readonly string[];
  readonly parameters: string;
  /** Hash of a user's files; of an analysis that ships its declared version, as `codeOfVersion` writes it. */
  readonly code: string;
}

/** `analysis.json` beside the outputs of a finished analysis: what was made of what, with which code. */
export interface AnalysisRecord {
  readonly module: string;
  readonly language: 'javascript' | 'python';
  readonly code: string;
  readonly hash: string;
  readonly key: AnalysisKey;
  readonly outputs: Readonly<Record<string, string | readonly string[] | null>>;
  readonly undeclared: readonly string[];
  readonly calibration: { readonly path: string; readonly sha256: string } | null;
  readonly quality: Quality | null;
  readonly software: string;
  /** Who asked for it although its results held, so that a second try of theirs does not run it once more. */
  readonly again?: string;
  /** ISO 8601, UTC. */
  readonly start: string;
  readonly end: string;
}

/** Reads the text of `analysis.json`. @throws DataError where it is no record of ours. */
export function parseRecord(text: string, file: string): AnalysisRecord {
  const value: unknown = parseJson(text, file);
  if (isRecord(value) && isSound(value)) return value;
  throw new DatenraffinerieError('DataError', `${file} is not the record of an analysis`);
}

/** Names that lead elsewhere are none of an analysis' own. */
function isSound({ outputs, undeclared, calibration, quality }: AnalysisRecord): boolean {
  try {
    parseOutputs(outputs);
    parseQuality(quality);
  } catch {
    return false;
  }
  const names = [...undeclared, ...(calibration === null ? [] : [calibration.path])];
  return names.every((name) => typeof name === 'string' && isInside(name));
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DatenraffinerieError('DataError', `${file} is not JSON`, { cause });
  }
}

function isRecord(value: unknown): value is AnalysisRecord {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const texts = ['module', 'language', 'code', 'hash', 'software', 'start', 'end'];
  const key = fields.get('key');
  const outputs = fields.get('outputs');
  return (
    texts.every((name) => typeof fields.get(name) === 'string') &&
    Array.isArray(fields.get('undeclared')) &&
    isCalibration(fields.get('calibration')) &&
    typeof outputs === 'object' &&
    outputs !== null &&
    typeof key === 'object' &&
    key !== null &&
    'inputs' in key &&
    Array.isArray(key.inputs)
  );
}

function isCalibration(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return value === null;
  return 'path' in value && typeof value.path === 'string' && 'sha256' in value && typeof value.sha256 === 'string';
}

/** What stands for the code of an analysis that ships: releases that do not change its results leave it as it is. */
export function codeOfVersion(version: number): string {
  return `version ${version}`;
}

function versionOfCode(code: string): number | undefined {
  const match = /^version (\d+)$/.exec(code);
  return match === null ? undefined : Number(match[1]);
}

/** The reason of results that an older version of an analysis that ships has made. */
export const newer = 'the analysis is newer';

/** Why an analysis must run although a record is there, undefined where its results still hold. */
export function whatChanged(before: AnalysisKey, now: AnalysisKey): string | undefined {
  if (before.inputs.join() !== now.inputs.join()) return 'its data changed';
  if (before.parameters !== now.parameters) return 'its parameters changed';
  const [made, declared] = [versionOfCode(before.code), versionOfCode(now.code)];
  if (made !== undefined && declared !== undefined) return made < declared ? newer : undefined;
  return before.code === now.code ? undefined : 'its code changed';
}
