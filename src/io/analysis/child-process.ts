import { statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { noRoomForReply, parseReply, type AnalysisJob, type AnalysisReply } from '../../domain/analysis/job.js';
import { compiledProgram, packageFile } from '../compiled.js';
import { readIfExists, readTail } from '../files.js';
import { childEnvironment } from '../processes/child-environment.js';
import { spawnGuarded, type Ending } from '../processes/guarded-process.js';
import type { FoundAnalysis } from './find-module.js';
import type { Attempt } from './folder.js';

/** Runs Python analyses. What it hands to them has a version: `givenVersions` in hash.ts. */
const pythonRunner = packageFile('python/runner.py');
/** How long an analysis may take to stop by itself after SIGTERM. */
const graceMs = 2000;
/** Lines of stderr that an error carries. */
const lastLines = 15;
const tailBytes = 1 << 16;
/** How errors of Python, Node.js and HDF5 say that a disk or a quota is full. */
const fullDisk = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/i;
/** Less than this, and not even an error can be written down. */
const leastFreeBytes = 1 << 16;
const leaveTheEnd = 'let run() return, and do not end the process from within';
// the shell becomes the command (exec): the child writes straight into its logs, whatever happens to us
const withLogs = 'out=$1; err=$2; shift 2; exec "$@" >"$out" 2>"$err"';

export interface ChildOptions {
  readonly python: string;
  /** Seconds. */
  readonly timeLimit: number;
  readonly signal: AbortSignal;
}

/**
 * Runs the analysis in a child process of its own process group and waits for its reply. The group is killed at its
 * end, when `signal` aborts (rejects with its reason), when time is up, and when our own process dies.
 * @throws DatenraffinerieError AnalysisError with the last lines of stderr, StorageError where the disk was full.
 */
export async function runChild(
  found: FoundAnalysis,
  job: AnalysisJob,
  attempt: Attempt,
  options: ChildOptions,
): Promise<AnalysisReply> {
  options.signal.throwIfAborted();
  await writeFile(attempt.job, JSON.stringify(job));
  await Promise.all([writeFile(attempt.stdout, ''), writeFile(attempt.stderr, '')]);
  const args = ['-c', withLogs, 'analysis', attempt.stdout, attempt.stderr, ...runner(found, options), attempt.job];
  // a place without a display, whole logs also when killed, and no files written into the user's collection
  const python = { MPLBACKEND: 'Agg', PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' };
  // tables are never changed where they lie: a reader needs no lock, which many shares cannot give
  const hdf5 = { HDF5_USE_FILE_LOCKING: process.env['HDF5_USE_FILE_LOCKING'] ?? 'FALSE' };
  const child = spawnGuarded('/bin/sh', args, { env: { ...childEnvironment(), ...python, ...hdf5 }, orphanSeconds: 2 });
  const limit = AbortSignal.timeout(Math.min(options.timeLimit * 1000, 2 ** 31 - 1));
  const stop = (): void => void child.stop(graceMs);
  const either = AbortSignal.any([options.signal, limit]);
  either.addEventListener('abort', stop, { once: true });
  if (either.aborted) stop();
  const ending = await child.ended;
  either.removeEventListener('abort', stop);
  options.signal.throwIfAborted();
  if (limit.aborted) throw await failure(found, attempt, `was stopped after its time limit of ${options.timeLimit} s`);
  if (found.language === 'python' && ending.code === 127) throw noPython(options.python);
  const reply = await readReply(attempt.reply);
  if (reply?.error !== undefined) {
    throw await failure(found, attempt, `failed: ${reply.error.message}`, { remedy: reply.error.remedy });
  }
  if (ending.code !== 0) throw await failure(found, attempt, howItEnded(ending), { code: ending.code });
  if (reply === undefined)
    throw await failure(found, attempt, 'left no reply that can be read', { remedy: leaveTheEnd });
  return reply;
}

/** What runs it: Python, or our own program. */
function runner({ language }: FoundAnalysis, { python }: ChildOptions): string[] {
  return language === 'python'
    ? [python, pythonRunner]
    : [process.execPath, compiledProgram('io/analysis/child-main.js')];
}

/** A file that is no whole reply counts as none: the analysis, which knows its name, may have written it. */
async function readReply(path: string): Promise<AnalysisReply | undefined> {
  const text = await readIfExists(path);
  return text === undefined ? undefined : parseReply(text);
}

function howItEnded({ code, signal, error }: Ending): string {
  if (error !== undefined) return `could not be started: ${error.message}`;
  return signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
}

async function failure(
  found: FoundAnalysis,
  attempt: Attempt,
  how: string,
  { remedy, code }: { readonly remedy?: string | undefined; readonly code?: number | null } = {},
): Promise<DatenraffinerieError> {
  const tail = (await readTail(attempt.stderr, tailBytes)).trimEnd().split('\n').slice(-lastLines).join('\n    ');
  const text = `the analysis '${found.name}' (${found.path}) ${how}${tail === '' ? '' : `\n    ${tail}`}`;
  if (await metFullDisk(attempt, how, tail, code)) return noSpace(attempt, text);
  return new DatenraffinerieError('AnalysisError', text, remedy === undefined ? {} : { remedy });
}

/** Whether the disk was full, which passes: an analysis that met it would succeed at another time. */
async function metFullDisk(attempt: Attempt, how: string, tail: string, code?: number | null): Promise<boolean> {
  if (code === noRoomForReply || fullDisk.test(how) || fullDisk.test(tail)) return true;
  const { bavail, bsize } = await statfs(attempt.folder);
  return bavail * bsize < leastFreeBytes;
}

function noSpace(attempt: Attempt, text: string): DatenraffinerieError {
  return new DatenraffinerieError('StorageError', `${dirname(attempt.folder)}: the disk was full: ${text}`, {
    remedy: 'make room: it is tried again by itself',
  });
}

function noPython(python: string): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', `there is no Python interpreter '${python}'`, {
    remedy: 'name one that has pandas and tables: --python PATH of the worker, or DATENRAFFINERIE_PYTHON',
  });
}
