import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { processIdentity } from '../../src/io/process-identity.js';
import { tryProcessLock } from '../../src/io/process-lock.js';
import { temporaryFolder } from '../support/folders.js';

function take(path: string) {
  const lock = tryProcessLock(path);
  if (!('release' in lock)) throw new Error(`held by ${lock.holder}`);
  return lock;
}

describe('process lock', () => {
  it('is held by one at a time and given back', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const lock = take(path);
    expect(tryProcessLock(path)).toEqual({ holder: process.pid });
    lock.release();
    expect(existsSync(path)).toBe(false);
    take(path).release();
  });

  it('of a dead process is taken over', () => {
    const path = join(temporaryFolder(), 'a.lock');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(path, `${dead} 1 boot\n`);
    take(path).release();
  });

  it('of an earlier process with the pid of a living one is taken over', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.lock');
    writeFileSync(path, `${process.pid} 1 of-another-boot\n`);
    expect(processIdentity(process.pid)).not.toBe(`${process.pid} 1 of-another-boot`);
    take(path).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
