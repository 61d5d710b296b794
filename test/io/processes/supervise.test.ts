import { describe, expect, it } from 'vitest';
import { spawnGuarded, type GuardedProcess } from '../../../src/io/processes/guarded-process.js';
import { pauseMs, StartInterrupted, supervise } from '../../../src/io/processes/supervise.js';
import { waitUntil } from '../../support/tools/processes.js';

const sleeper = () => Promise.resolve(spawnGuarded('sleep', ['300']));

describe('supervise', () => {
  it('starts a killed process again at once', async () => {
    const lines: string[] = [];
    const supervised = await supervise({
      name: 'sleeper',
      start: sleeper,
      graceMs: 1000,
      log: (line) => lines.push(line),
    });
    const first = supervised.pid() ?? 0;
    const begin = performance.now();
    process.kill(first, 'SIGKILL');
    const second = await waitUntil('another pid', () => (supervised.pid() === first ? undefined : supervised.pid()));
    expect(performance.now() - begin).toBeLessThan(3000);
    expect(lines[0]).toBe('WARN sleeper has ended (signal SIGKILL): starting it again');
    await supervised.stop();
    expect(() => process.kill(second, 0)).toThrow();
  });

  it('gives up at once where the first start fails', async () => {
    const start = () => Promise.reject(new Error('no such stand'));
    await expect(supervise({ name: 'worker', start, graceMs: 1000, log: () => undefined })).rejects.toThrow(
      'no such stand',
    );
  });

  it('tries again where the first start was interrupted, but not for ever', async () => {
    let starts = 0;
    const start = (healthy: number) => () => {
      if (++starts < healthy) return Promise.reject(new StartInterrupted('ServerError', 'killed'));
      return sleeper();
    };
    const supervised = await supervise({ name: 'worker', start: start(3), graceMs: 1000, log: () => undefined });
    expect(starts).toBe(3);
    await supervised.stop();
    starts = 0;
    await expect(
      supervise({ name: 'worker', start: start(Infinity), graceMs: 1000, log: () => undefined }),
    ).rejects.toThrow('killed');
    expect(starts).toBe(5);
  });

  it('can be stopped while it tries again', async () => {
    let starts = 0;
    const lines: string[] = [];
    const supervised = await supervise({
      name: 'worker',
      start: () => (starts++ === 0 ? Promise.resolve(spawnGuarded('true', [])) : Promise.reject(new Error('broken'))),
      graceMs: 1000,
      log: (line) => lines.push(line),
    });
    await waitUntil('two tries', () => (starts > 2 ? true : undefined));
    await supervised.stop();
    const after = starts;
    expect(lines).toContain('WARN worker does not start: broken');
    await new Promise((resolve) => setTimeout(resolve, 2 * pauseMs(after)));
    expect(starts).toBe(after);
  });

  it('ends a process that comes up while it is being stopped', async () => {
    const started: GuardedProcess[] = [];
    let comeUp: (child: GuardedProcess) => void = () => undefined;
    const late = new Promise<GuardedProcess>((resolve) => {
      comeUp = resolve;
    });
    const supervised = await supervise({
      name: 'late',
      start: () => {
        const child = spawnGuarded(started.length === 0 ? 'true' : 'sleep', started.length === 0 ? [] : ['300']);
        started.push(child);
        return started.length === 1 ? Promise.resolve(child) : late;
      },
      graceMs: 1000,
      log: () => undefined,
    });
    const second = await waitUntil('the second start', () => started[1]);
    const stopped = supervised.stop();
    comeUp(second);
    await stopped;
    expect(await second.ended).toMatchObject({ signal: 'SIGTERM' });
  });

  it('waits longer after each failure, at most 10 s', () => {
    expect([0, 1, 2, 3].map(pauseMs)).toEqual([100, 200, 400, 800]);
    expect(pauseMs(50)).toBe(10_000);
  });
});
