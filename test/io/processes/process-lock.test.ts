import { execFileSync, fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { processIdentity } from '../../../src/io/processes/process-identity.js';
import { takeProcessLock, tryProcessLock, type ProcessLock } from '../../../src/io/processes/process-lock.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';

/** A process that tries for the lock when it is told; `ended` aborts with it, lest its answer be waited for. */
interface Contender {
  readonly child: ChildProcess;
  readonly ended: AbortSignal;
}

const children: ChildProcess[] = [];
const stale = '1 1 of-another-boot\n';

async function contender(path: string): Promise<Contender> {
  const child = fork(join(root, 'test', 'support', 'tools', 'lock-process.js'), [path]);
  children.push(child);
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  await once(child, 'message', { signal: ended.signal });
  return { child, ended: ended.signal };
}

/** What each answers to the same word. */
function tell(contenders: readonly Contender[], word: number | 'release'): Promise<unknown[]> {
  return Promise.all(
    contenders.map(async ({ child, ended }) => {
      child.send(word);
      const [answer]: unknown[] = await once(child, 'message', { signal: ended });
      return answer;
    }),
  );
}

/** What each gets, trying at the same instant. */
const tryAtOnce = (contenders: readonly Contender[]): Promise<unknown[]> => tell(contenders, Date.now() + 10);

async function take(path: string): Promise<ProcessLock> {
  const lock = await tryProcessLock(path);
  if (!('release' in lock)) throw new Error(`held by ${lock.holder}`);
  return lock;
}

describe('process lock', () => {
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  it('is held by one at a time and given back', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const lock = await take(path);
    expect(await tryProcessLock(path)).toEqual({ holder: process.pid });
    lock.release();
    expect(existsSync(path)).toBe(false);
    const later = await take(path);
    lock.release();
    expect(await tryProcessLock(path)).toEqual({ holder: process.pid });
    later.release();
  });

  it('of a dead process is taken over', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    writeFileSync(path, `${dead} 1 boot\n`);
    (await take(path)).release();
  });

  it('of an earlier process with the pid of a living one is taken over', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.lock');
    writeFileSync(path, `${process.pid} 1 of-another-boot\n`);
    expect(processIdentity(process.pid)).not.toBe(`${process.pid} 1 of-another-boot`);
    (await take(path)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('of a dead process is taken over by one of two that try at once', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const two = await Promise.all([contender(path), contender(path)]);
    for (let round = 0; round < 200; round++) {
      writeFileSync(path, stale);
      const got = await tryAtOnce(two);
      expect(got.filter((what) => what === 'got it')).toHaveLength(1);
      await tell(two, 'release');
    }
  });

  it('passes from hand to hand, and is in one hand only', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const three = await Promise.all([contender(path), contender(path), contender(path)]);
    let times = 0;
    for (let round = 0; round < 50; round++) {
      const got = await tryAtOnce(three); // the one that has it gives it back at this instant
      const holders = got.filter((what) => what === 'got it').length;
      expect(holders).toBeLessThanOrEqual(1);
      times += holders;
    }
    expect(times).toBeGreaterThan(1);
  });

  it('is not had by who locks a file that its last holder has just removed', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'a.lock');
    const other = await contender(path);
    const flock = execFileSync('sh', ['-c', 'command -v flock'], { encoding: 'utf8' }).trim();
    // the file is removed between being opened and being locked, once
    const script = `#!/bin/sh\nif [ ! -e ${folder}/once ]; then touch ${folder}/once; rm ${path}; fi\nexec ${flock} "$@"\n`;
    writeFileSync(join(folder, 'flock'), script, { mode: 0o755 });
    vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
    const lock = await take(path);
    vi.unstubAllEnvs();
    expect(existsSync(join(folder, 'once'))).toBe(true);
    expect(await tryAtOnce([other])).toEqual([{ holder: process.pid }]);
    lock.release();
  });

  it('is kept by a stopped holder, and free when that is killed', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const contends = await contender(path);
    const holder = contends.child;
    expect(await tryAtOnce([contends])).toEqual(['got it']);
    holder.kill('SIGSTOP');
    expect(await tryProcessLock(path)).toEqual({ holder: holder.pid });
    const waited: (number | undefined)[] = [];
    const taken = takeProcessLock(path, (pid) => {
      waited.push(pid);
      holder.kill('SIGKILL');
    });
    (await taken).release();
    expect(waited).toEqual([holder.pid]);
  });

  it('is respected where it is of version 2.0.0, whose lock is the file alone, and respected by that', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const older = spawn('sleep', ['600']);
    children.push(older);
    await once(older, 'spawn');
    writeFileSync(path, `${processIdentity(older.pid ?? 0)}\n`);
    expect(await tryProcessLock(path)).toEqual({ holder: older.pid });
    older.kill('SIGKILL');
    await once(older, 'exit');
    const lock = await take(path);
    expect(readFileSync(path, 'utf8').trim()).toBe(processIdentity(process.pid));
    lock.release();
  });

  it('is waited for no longer when that is no longer wanted', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const lock = await take(path);
    const abort = new AbortController();
    const waiting = takeProcessLock(path, () => abort.abort(new Error('no longer wanted')), abort.signal);
    await expect(waiting).rejects.toThrow();
    lock.release();
  });
});
