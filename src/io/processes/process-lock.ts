import {
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { flock } from './flock.js';
import { processIdentity } from './process-identity.js';

/** A lock that a living process holds; `release` gives it back. */
export interface ProcessLock {
  release(): void;
}

/** Who has the lock; the pid is undefined where the file does not tell it, or not yet. */
export interface LockedBy {
  readonly holder: number | undefined;
}

/**
 * Takes the OS lock on a file that names its holder, or answers who has it. The kernel frees it when the holder ends,
 * however it ends.
 */
export async function tryProcessLock(path: string, signal?: AbortSignal): Promise<ProcessLock | LockedBy> {
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    const file = openLock(path);
    let held = false;
    try {
      const free = await flock(file, 0, signal);
      // version 2.0.0 holds no OS lock: there, as for its own look at us, the name of a living process decides
      const holder = livingHolder(file);
      if (!free || holder !== undefined) return { holder };
      ftruncateSync(file);
      writeSync(file, `${processIdentity(process.pid) ?? ''}\n`);
      held = isAt(path, file); // else its last holder removed it when we had opened it: nobody else sees our lock
      if (held) return lockOn(path, file);
    } finally {
      if (!held) closeSync(file);
    }
  }
}

/** Waits until the lock is ours; `waiting` is told once who holds it. */
export async function takeProcessLock(
  path: string,
  waiting: (holder: number | undefined) => void,
  signal?: AbortSignal,
): Promise<ProcessLock> {
  for (let told = false; ; told = true) {
    const lock = await tryProcessLock(path, signal);
    if ('release' in lock) return lock;
    if (!told) waiting(lock.holder);
    await delay(500, undefined, signal === undefined ? {} : { signal });
  }
}

/** `process 123`, or `another process`. */
export function describeHolder(holder: number | undefined): string {
  return holder === undefined ? 'another process' : `process ${holder}`;
}

function lockOn(path: string, file: number): ProcessLock {
  let held = true;
  return {
    release: () => {
      if (!held) return; // an end that is hurried gives it back, and so does the one that it overtakes
      held = false;
      if (isAt(path, file)) rmSync(path);
      ftruncateSync(file); // whoever has opened it meanwhile must not think that we still hold it
      closeSync(file);
    },
  };
}

/** Not emptied: it may be another's. */
function openLock(path: string): number {
  try {
    return openSync(path, 'a+', 0o600);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatenraffinerieError('StorageError', `the lock '${path}' cannot be opened: ${why}`, { cause });
  }
}

/** The pid in the file, where it is that very process' that wrote it there. */
function livingHolder(file: number): number | undefined {
  const identity = readFileSync(file, 'utf8').trim();
  const pid = Number.parseInt(identity, 10);
  return pid > 0 && processIdentity(pid) === identity ? pid : undefined;
}

function isAt(path: string, file: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const ours = fstatSync(file);
  return there?.ino === ours.ino && there.dev === ours.dev;
}
