import { randomUUID } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { BenchLease } from '../../src/client/stand/bench-lease.js';
import { standView } from '../../src/client/stand/view.js';
import type { ScanResult } from '../../src/workflows/messages.js';
import { daqWorkflowId, messages } from '../../src/workflows/names.js';
import {
  acquireOutcome,
  analysisProcedure,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { acquireUntilTold, poll, savesHistories, scanClient, untilTold } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { start, execute, progress } = scanClient(server);

const ahead = { output: '/nowhere/a.h5', sha256: 'made ahead', rows: 1, quarantined: 0 };

/** Ten runs of five seconds in two chunks: long enough that the table is begun after the first. */
function slowScan(stand: string): { activities: FakeActivities; steps: string[] } {
  const fake = fakeActivities([daqProcedure('a')], stand);
  const steps: string[] = [];
  const activities: FakeActivities = {
    ...fake,
    acquire: async ({ from }) => {
      steps.push(`acquire from ${from}`);
      if (from === 0) return acquireOutcome({ next: 3, acquired: 3, secondsPerRun: 5 });
      await poll(() => steps).toContain('mergeAhead'); // it has begun before acquisition ends
      return acquireOutcome({ end: 'all', next: 10, acquired: 10 - from, secondsPerRun: 5 });
    },
    merge: (task) => {
      steps.push('merge');
      return fake.merge(task);
    },
    mergeAhead: async () => {
      steps.push('mergeAhead');
      await untilTold();
      steps.push('told');
      return ahead;
    },
  };
  return { activities, steps };
}

describe('the table of a long scan', () => {
  test('is begun while runs are still taken, and is there when it is told that no more come', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, steps } = slowScan(stand);
    await withWorkers(server, stand, activities, async () => {
      const { procedures } = await execute(stand);
      expect(procedures).toEqual([{ name: 'a', state: 'done', output: '/nowhere/a.h5', sha256: 'made ahead' }]);
      expect(steps.toSorted()).toEqual(['acquire from 0', 'acquire from 3', 'mergeAhead', 'told']);
      expect(steps.at(-1)).toBe('told');
    });
  });

  test('is made at the end where the merge ahead came to nothing', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, steps } = slowScan(stand);
    const mergeAhead: FakeActivities['mergeAhead'] = async (task) => {
      await activities.mergeAhead(task);
      return null;
    };
    await withWorkers(server, stand, { ...activities, mergeAhead }, async () => {
      expect((await execute(stand)).procedures.at(0)?.sha256).toBe('a');
      expect(steps.slice(-2)).toEqual(['told', 'merge']);
    });
  });

  test('is not made of a scan that is aborted', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, steps } = slowScan(stand);
    const acquire: FakeActivities['acquire'] = async (task) => {
      if (task.from > 0) await untilTold();
      return activities.acquire(task);
    };
    await withWorkers(server, stand, { ...activities, acquire }, async () => {
      const handle = await start(stand);
      await poll(() => steps).toContain('mergeAhead');
      await handle.signal('abort');
      expect(((await handle.result()) as ScanResult).state).toBe('aborted');
      expect(steps).toContain('told');
      expect(steps).not.toContain('merge');
    });
  });

  test('is made again where runs on disk were found damaged and measured once more, the first ones too', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, steps } = slowScan(stand);
    let damaged = 1;
    const changed: FakeActivities = {
      ...activities,
      prepare: async ({ procedure }) => ({ file: procedure.file, runs: 10, reused: 2, next: 2, reasons: [] }),
      acquire: async (task) => {
        if (task.from === 2) steps.push('acquire from 2');
        if (task.from === 2) return acquireOutcome({ next: 3, acquired: 1, secondsPerRun: 5 });
        return activities.acquire(task);
      },
      process: async ({ from, to }) => {
        const found = from === 0 ? damaged : 0;
        if (from === 0) damaged = 0;
        return { processed: to - from - found, reused: 0, damaged: found, reasons: [] };
      },
    };
    await withWorkers(server, stand, changed, async () => {
      await execute(stand);
      expect(steps.filter((step) => step.startsWith('acquire'))).toEqual([
        ...['acquire from 2', 'acquire from 3'], // what was on disk is passed over
        ...['acquire from 0', 'acquire from 3'],
      ]);
      expect(steps.filter((step) => step === 'mergeAhead')).toHaveLength(2);
      expect((await progress(stand)).procedures.at(0)).toMatchObject({ state: 'done', acquired: 10, processed: 10 });
    });
  });
});

describe('a stand that nobody drives', () => {
  test('is not asked for where all runs are on disk', async () => {
    const stand = `s-${randomUUID()}`;
    const fake = fakeActivities([daqProcedure('a'), analysisProcedure('x', ['a'])], stand);
    const prepare: FakeActivities['prepare'] = async ({ procedure }) => {
      return { file: procedure.file, runs: 10, reused: 10, next: 10, reasons: [] };
    };
    await withWorkers(server, 'another-stand', { ...fake, prepare }, async () => {
      expect((await execute(stand)).state).toBe('done');
      expect((await progress(stand)).procedures.at(0)).toMatchObject({ state: 'done', reused: 10, processed: 10 });
    });
  });

  test('is asked for as soon as a run is to be measured after a calibration', async () => {
    const stand = `s-${randomUUID()}`;
    const procedures = [
      daqProcedure('a'),
      analysisProcedure('cal', ['a'], { providesCalibration: true }),
      daqProcedure('b', { calibrations: ['cal'] }),
    ];
    const fake = fakeActivities(procedures, stand);
    const prepare: FakeActivities['prepare'] = async ({ procedure }) => {
      const reused = procedure.name === 'a' ? 10 : 7;
      return { file: procedure.file, runs: 10, reused, next: reused, reasons: [] };
    };
    await withWorkers(server, 'another-stand', { ...fake, prepare }, async () => {
      const handle = await start(stand);
      await poll(async () => (await progress(stand)).waitingFor).toContain(`a worker on queue daq-${stand}: start one`);
      expect((await progress(stand)).procedures.map(({ state }) => state)).toEqual(['done', 'done', 'queued']);
      await withWorkers(server, stand, { ...fake, prepare }, async () => {
        expect(((await handle.result()) as ScanResult).state).toBe('done');
      });
    });
  });
});

test('a stand whose lock somebody else has is waited for, which is said, and used as soon as it is free', async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a')], stand);
  const seconds: number[] = [];
  let locked = true;
  const activities: FakeActivities = {
    ...fake,
    acquire: async (task) => {
      seconds.push(task.seconds);
      if (locked) throw ApplicationFailure.retryable('stand s is in use by process 7', 'BusyError');
      return task.from > 0 ? fake.acquire(task) : acquireOutcome({ next: 1, acquired: 1 });
    },
  };
  await withWorkers(server, stand, activities, async () => {
    const handle = await start(stand);
    const waiting = { state: 'queued', waitingFor: 'its stand: stand s is in use by process 7' };
    await poll(async () => (await progress(stand)).procedures[0]).toMatchObject(waiting);
    const { waiting: first } = await progress(stand);
    expect(first).toMatchObject({ kind: 'lock', text: waiting.waitingFor, tries: 1 });
    await poll(() => seconds.length).toBeGreaterThan(2);
    expect((await progress(stand)).procedures[0]).toMatchObject({ ...waiting, waiting: first });
    const { waiting: now } = await progress(daqWorkflowId(stand, 'a'));
    expect(now).toMatchObject({ kind: 'lock', since: first?.since });
    expect(now?.tries).toBeGreaterThan(1);
    locked = false;
    expect(((await handle.result()) as ScanResult).state).toBe('done');
    // one run is taken to find out whether the lock is free; the chunk after it is as long as ever
    expect([seconds[0], seconds[1], seconds.at(-2), seconds.at(-1)]).toEqual([5, 0, 0, 30]);
    expect(await progress(stand)).not.toHaveProperty('waiting');
    expect(await progress(stand)).not.toHaveProperty('waitingFor');
  });
});

test('an abort that does not want what was measured to be processed ends processing at once', async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a')], stand);
  const steps: string[] = [];
  const activities: FakeActivities = {
    ...fake,
    acquire: async (task) => (task.from === 0 ? acquireOutcome({ next: 2, acquired: 2 }) : acquireUntilTold(task, 4)),
    process: async (task) => {
      steps.push(`process from ${task.from}`);
      await untilTold();
      steps.push('told');
      return fake.process(task);
    },
  };
  await withWorkers(server, stand, activities, async () => {
    const handle = await start(stand);
    await poll(() => steps).toEqual(['process from 0']);
    await handle.signal('abort', { process: false });
    expect(((await handle.result()) as ScanResult).state).toBe('aborted');
    expect(steps).toEqual(['process from 0', 'told']); // runs 2 and 3 were measured, and are left as they are
  });
});

/** A scan of a stand that is paused with the stand still its own. */
async function pausedScan(stand: string): Promise<void> {
  const handle = await start(stand);
  await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('acquiring');
  await handle.signal(messages.pause);
  await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('paused');
  expect((await standView(server.client, stand)).lease?.scan).toBe(stand);
}

describe('a stand that a paused scan keeps', () => {
  const never = new AbortController().signal;
  const paused = (name: string): FakeActivities => ({
    ...fakeActivities([daqProcedure('a')], name),
    acquire: (task) => acquireUntilTold(task, 3),
  });

  test('is lent when the pause comes once more and says so', async () => {
    const stand = `s-${randomUUID()}`;
    await withWorkers(server, stand, paused(stand), async () => {
      await pausedScan(stand);
      const handle = server.client.workflow.getHandle(stand);
      await handle.signal(messages.pause, { release: true });
      await poll(async () => (await standView(server.client, stand)).lease).toBeNull();
      expect((await progress(stand)).phase).toBe('paused');
      await handle.signal(messages.abort, { process: false });
      await handle.result();
    });
  });

  test('is lent to somebody urgent', async () => {
    const stand = `s-${randomUUID()}`;
    await withWorkers(server, stand, paused(stand), async () => {
      await pausedScan(stand);
      const wish = { what: 'stand write', wait: true, urgent: true };
      const lease = await BenchLease.ask(server.client, stand, wish);
      await lease?.granted(never, () => undefined);
      expect((await standView(server.client, stand)).lease?.scan).toMatch(/^bench\//);
      await lease?.end();
      const handle = server.client.workflow.getHandle(stand);
      await handle.signal(messages.resume);
      await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('acquiring');
      await handle.signal(messages.abort, { process: false });
      await handle.result();
    });
  });
});
