import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { ownPrefix } from './sweep.js';

/** The project's folder. */
export const root = fileURLToPath(new URL('../../..', import.meta.url));

const made: string[] = [];

/** A new empty folder outside the project; removed when the test file has ended. */
export function temporaryFolder(prefix = ownPrefix, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, prefix));
  made.push(folder);
  return folder;
}

/**
 * A folder for the database of a Temporal server, in memory where the machine has such a place: on a disk, each step of
 * a workflow waits until it is synced, several times. It outlives processes like any other.
 */
export function databaseFolder(): string {
  return temporaryFolder(undefined, hasRoom('/dev/shm') ? '/dev/shm' : undefined);
}

/** For some databases of up to 20 MB at once; containers have 64 MB there unless told otherwise. */
function hasRoom(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > 200e6;
  } catch {
    return false; // there is none
  }
}

afterAll(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
