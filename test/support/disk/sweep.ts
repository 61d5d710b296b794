import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processIdentity } from '../../../src/io/processes/process-identity.js';

/** Where tests make their folders. */
export const parents: readonly string[] = [tmpdir(), '/dev/shm'];

/** Folders of tests say whose they are. */
export const ownPrefix = `datenraffinerie-test-${process.pid}-`;

/** What test processes that were killed have left: run before the tests (vitest's `globalSetup`). */
export default function sweep(): void {
  for (const parent of parents) {
    for (const name of namesIn(parent)) {
      const pid = Number(/^datenraffinerie-test-(\d+)-/.exec(name)?.[1]);
      if (pid > 0 && processIdentity(pid) === undefined) rmSync(join(parent, name), { recursive: true, force: true });
    }
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // not every system has both
  }
}
