/**
 * Room: an analysis in a child process: found, hashed, run, its outputs put in place all at once.
 * May use: analyses, domain/*, io, io/configuration, io/hdf5, io/output, io/plot, io/processes.
 */

import { existsSync } from 'node:fs';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { AnalysisOutputs, Quality } from '../../domain/analysis/interface.js';
import { encodeValue } from '../../domain/analysis/job.js';
import { unitsName } from '../../domain/analysis/csv.js';
import { declaredFiles, parseOutputs } from '../../domain/analysis/outputs.js';
import { parseQuality } from '../../domain/analysis/quality.js';
import type { AnalysisRecord } from '../../domain/analysis/record.js';
import { parseCalibration } from '../configuration/calibration-files.js';
import { fileSha256 } from '../files.js';
import { recordName, resultsLockPath } from '../output/paths.js';
import { WriterLock } from '../output/writer-lock.js';
import { software } from '../software.js';
import { runChild } from './child-process.js';
import { compare, keyOf } from './compare.js';
import { findAnalysis, type FoundAnalysis } from './find-module.js';
import { beginAttempt, commitAttempt, endAttempt, rejectAttempt, type Attempt } from './folder.js';
import { analysisHash } from './hash.js';
import type { AnalysisBasis } from './basis.js';

export interface AnalysisRun extends AnalysisBasis {
  readonly python: string;
  /** Seconds. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
  readonly log: (text: string) => void;
}

export interface AnalysisResult {
  readonly outputs: AnalysisOutputs;
  /** Files that were found in the output folder although nothing declares them. */
  readonly undeclared: readonly string[];
  /** Absolute path of the calibration, where the analysis gave one. */
  readonly calibration?: { readonly path: string; readonly sha256: string };
  readonly quality?: Quality;
  /** The results were there already and still hold. */
  readonly reused: boolean;
  /** What is to be said of results that are reused. */
  readonly note?: string;
}

/**
 * Runs a user's or a shipped analysis in a child process, unless its results are there and still hold. Outputs appear
 * in `outputDir` all at once when every declared one was written; a killed or cancelled analysis changes nothing.
 * @throws DatenraffinerieError AnalysisError (it failed, or lacks declared outputs), ConfigError (there is none of that
 * name), `signal.reason` where it was cancelled.
 */
export async function runAnalysis(task: AnalysisRun): Promise<AnalysisResult> {
  const found = await findAnalysis(task.module, task.folders);
  const there = await resultsInPlace(task, found);
  if (typeof there !== 'string') return there;
  await mkdir(dirname(task.outputDir), { recursive: true });
  // an attempt that nobody waits for any more may not have heard of it yet: one at a time
  const lock = await WriterLock.take(resultsLockPath(task.outputDir), task.signal);
  try {
    const now = await resultsInPlace(task, found);
    return typeof now === 'string' ? await runLocked(task, found, now) : now;
  } finally {
    await lock.release();
  }
}

/** The results that are there, or why they do not hold. */
async function resultsInPlace(task: AnalysisRun, found: FoundAnalysis): Promise<AnalysisResult | string> {
  const { record, reason, note } = await compare(task, found);
  if (record === undefined || reason !== undefined) return reason ?? 'runs';
  return { ...toResult(record, task.outputDir), reused: true, ...(note === undefined ? {} : { note }) };
}

async function runLocked(task: AnalysisRun, found: FoundAnalysis, why: string): Promise<AnalysisResult> {
  task.log(`${task.module}: ${why}`);
  const attempt = await beginAttempt(task.outputDir);
  let finished: AnalysisRecord;
  try {
    finished = await runAttempt(task, found, attempt);
  } catch (error) {
    if (task.signal.aborted || isStorageError(error)) await endAttempt(attempt);
    else await rejectAttempt(attempt, task.outputDir);
    throw error;
  }
  await commitAttempt(attempt, task.outputDir);
  for (const name of finished.undeclared) task.log(`${task.module}: wrote ${name} without declaring it`);
  return { ...toResult(finished, task.outputDir), reused: false };
}

/** A full disk, say: it says nothing about the analysis, and is tried again. */
function isStorageError(error: unknown): boolean {
  return error instanceof DatenraffinerieError && error.type === 'StorageError';
}

async function runAttempt(task: AnalysisRun, found: FoundAnalysis, attempt: Attempt): Promise<AnalysisRecord> {
  const start = new Date().toISOString();
  const key = await keyOf(task, found);
  const reply = await runChild(
    found,
    {
      path: found.path,
      name: found.name,
      inputs: task.inputs.map(({ path }) => resolve(path)),
      mode: task.mode,
      parameters: encodeValue(task.parameters),
      outputDir: attempt.output,
      reply: attempt.reply,
    },
    attempt,
    task,
  );
  const outputs = parseOutputs(reply.outputs);
  const declared = declaredFiles(outputs);
  requireFiles(found, declared, attempt.output);
  const expected = new Set([...declared, ...declared.map(unitsName)]);
  const record: AnalysisRecord = {
    module: found.name,
    language: found.language,
    code: found.shipped ? software : found.path,
    hash: analysisHash(key),
    key,
    outputs: Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, value ?? null])),
    undeclared: (await filesIn(attempt.output)).filter((name) => !expected.has(name)),
    calibration: await madeCalibration(outputs, attempt.output),
    quality: parseQuality(reply.quality) ?? null,
    software,
    ...(task.again === undefined ? {} : { again: task.again }),
    start,
    end: new Date().toISOString(),
  };
  await writeFile(join(attempt.output, recordName), `${JSON.stringify(record, undefined, 2)}\n`);
  return record;
}

function toResult(record: AnalysisRecord, outputDir: string): Omit<AnalysisResult, 'reused'> {
  const { outputs, undeclared, calibration, quality } = record;
  return {
    outputs,
    undeclared,
    ...(calibration === null
      ? {}
      : { calibration: { path: join(outputDir, calibration.path), sha256: calibration.sha256 } }),
    ...(quality === null ? {} : { quality }),
  };
}

function requireFiles(found: FoundAnalysis, declared: readonly string[], folder: string): void {
  const missing = declared.filter((name) => !existsSync(join(folder, name)));
  if (missing.length === 0) return;
  throw new DatenraffinerieError(
    'AnalysisError',
    `the analysis '${found.name}' (${found.path}) did not write ${missing.join(', ')}`,
    { remedy: 'write every file that output() declares, or do not declare it' },
  );
}

async function filesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).sort();
  const kinds = await Promise.all(names.map(async (name) => (await lstat(join(folder, name))).isDirectory()));
  return names.filter((_, i) => !kinds[i]);
}

async function madeCalibration(
  outputs: AnalysisOutputs,
  folder: string,
): Promise<{ path: string; sha256: string } | null> {
  if (typeof outputs.calibration !== 'string') return null;
  const file = join(folder, outputs.calibration);
  parseCalibration(await readFile(file, 'utf8'), outputs.calibration, 'AnalysisError');
  return { path: outputs.calibration, sha256: await fileSha256(file) };
}
