import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './process-identity.js';

/** A lock that a living process holds; `release` gives it back. */
export interface ProcessLock {
  release(): void;
}

/**
 * Takes a lock file that names its holder, or answers the pid of the living process that holds it. The file of a dead
 * holder is taken over: of two that try at the same instant only one succeeds in renaming it.
 */
export function tryProcessLock(path: string): ProcessLock | { readonly holder: number } {
  mkdirSync(dirname(path), { recursive: true });
  const own = `${path}.${process.pid}`;
  writeFileSync(own, `${processIdentity(process.pid) ?? ''}\n`);
  try {
    while (!attempt(() => linkSync(own, path), 'EEXIST')) {
      const identity = readHolder(path);
      const holder = Number.parseInt(identity, 10);
      if (holder > 0 && processIdentity(holder) === identity) return { holder };
      attempt(() => renameSync(path, `${own}.stale`), 'ENOENT');
      rmSync(`${own}.stale`, { force: true });
    }
  } finally {
    rmSync(own, { force: true });
  }
  return { release: () => rmSync(path, { force: true }) };
}

/** Waits until the lock is ours; `waiting` is told once who holds it. */
export async function takeProcessLock(
  path: string,
  waiting: (holder: number) => void,
  signal?: AbortSignal,
): Promise<ProcessLock> {
  for (let told = false; ; told = true) {
    const lock = tryProcessLock(path);
    if ('release' in lock) return lock;
    if (!told) waiting(lock.holder);
    await delay(500, undefined, signal === undefined ? {} : { signal });
  }
}

function readHolder(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/** False where the step failed with the expected code. */
function attempt(step: () => void, expected: string): boolean {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === expected) return false;
    throw error;
  }
}
