import { randomUUID } from 'node:crypto';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { Notice } from '../../src/domain/scan/notice.js';
import type { ScanInput } from '../../src/domain/scan/scan-input.js';
import type { ScanResult } from '../../src/workflows/messages.js';
import { standWorkflowId } from '../../src/workflows/names.js';
import {
  acquireOutcome,
  analysisProcedure,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { acquireUntilTold, poll, savesHistories, scanClient, scanInput } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { start, execute, progress, standView } = scanClient(server);

describe('a scan', () => {
  test('runs procedures in order, hands tables to analyses and ends done, with the stand free', async () => {
    const stand = `s-${randomUUID()}`;
    const order: string[] = [];
    const procedures = [daqProcedure('a'), analysisProcedure('x', ['a']), daqProcedure('b')];
    const fake = fakeActivities(procedures, stand);
    const activities: FakeActivities = {
      ...fake,
      acquire: (task) => {
        order.push(`acquire ${task.name}`);
        return fake.acquire(task);
      },
      analyse: (task) => {
        order.push(`analyse ${task.inputs.map(({ sha256 }) => sha256).join()}`);
        return fake.analyse(task);
      },
    };
    await withWorkers(server, stand, activities, async () => {
      const result = await execute(stand);
      expect(result.state).toBe('done');
      expect(result.procedures.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
      expect(result.procedures[0]).toEqual({ name: 'a', state: 'done', output: '/nowhere/a.h5', sha256: 'a' });
      expect(order.filter((step) => step.startsWith('acquire'))).toEqual(['acquire a', 'acquire b']);
      expect(order).toContain('analyse a');
      const view = await standView(stand);
      expect(view.lease).toBeNull();
      expect(view.history.map(({ procedure, end }) => [procedure, end])).toEqual([
        ['b', 'released'],
        ['a', 'released'],
      ]);
      expect((await progress(stand)).procedures.at(0)).toMatchObject({
        acquired: 10,
        processed: 10,
        merged: true,
        state: 'done',
      });
    });
  });

  test('pauses between two runs, goes on where it was, and can be aborted', async () => {
    const stand = `s-${randomUUID()}`;
    const tasks: number[] = [];
    const fake = fakeActivities([daqProcedure('a')], stand);
    const activities: FakeActivities = {
      ...fake,
      acquire: (task) => {
        tasks.push(task.from);
        return acquireUntilTold(task, task.from + 3);
      },
    };
    await withWorkers(server, stand, activities, async () => {
      const handle = await start(stand);
      await poll(() => tasks.length).toBe(1);
      await handle.signal('pause', { release: true });
      await poll(async () => (await progress(stand)).procedures[0]?.state).toBe('paused');
      expect((await standView(stand)).lease).toBeNull();
      expect((await progress(stand)).phase).toBe('paused');
      await handle.signal('resume');
      await poll(() => tasks.length).toBe(2);
      expect(tasks).toEqual([0, 3]);
      await handle.signal('abort');
      const result = (await handle.result()) as ScanResult;
      expect(result.state).toBe('aborted');
      expect((await standView(stand)).lease).toBeNull();
    });
  });

  test('waits in sight where no worker drives the stand, says how to start one, and begins when it is there', async () => {
    const stand = `s-${randomUUID()}`;
    const fake = fakeActivities([daqProcedure('a')], stand);
    await withWorkers(server, 'another-stand', fake, async () => {
      const handle = await start(stand);
      const remedy = `datenraffinerie worker daq --stand ${stand}`;
      await poll(async () => (await progress(stand)).waiting).toMatchObject({ kind: 'worker', remedy });
      expect((await progress(stand)).phase).toBe('waiting');
      await withWorkers(server, stand, fake, async () => {
        expect(((await handle.result()) as ScanResult).state).toBe('done');
      });
    });
  });

  test('that waits for a worker can be aborted', async () => {
    const stand = `s-${randomUUID()}`;
    await withWorkers(server, 'another-stand', fakeActivities([daqProcedure('a')], stand), async () => {
      const handle = await start(stand);
      await poll(async () => (await progress(stand)).waiting?.kind).toBe('worker');
      await handle.signal('abort');
      expect(((await handle.result()) as ScanResult).state).toBe('aborted');
    });
  });

  test('refuses a wrong input with all findings', async () => {
    const stand = `s-${randomUUID()}`;
    const wrong = { config: 'main.yaml', procedures: [], again: 'cal', colour: 'red' } as unknown as ScanInput;
    await withWorkers(server, stand, fakeActivities([], stand), async () => {
      const error = await execute(stand, wrong).catch((e: unknown) => e);
      const text = String((error as Error).cause);
      for (const part of [
        "unknown field 'colour'",
        "field 'output' is missing",
        "'procedures'",
        'absolute path',
        "'again' must be a list",
      ]) {
        expect(text).toContain(part);
      }
    });
  });

  test('goes on with independent procedures when one fails, and names what it stopped', async () => {
    const stand = `s-${randomUUID()}`;
    const procedures = [
      daqProcedure('a'),
      analysisProcedure('cal', ['a'], { providesCalibration: true }),
      daqProcedure('b', { calibrations: ['cal'] }),
      daqProcedure('c'),
    ];
    const fake = fakeActivities(procedures, stand);
    const activities: FakeActivities = {
      ...fake,
      analyse: async (task) => ({ ...(await fake.analyse(task)), verdict: 'reject', reason: 'spread too large' }),
    };
    await withWorkers(server, stand, activities, async () => {
      const error = await execute(stand).catch((e: unknown) => e);
      expect(String((error as Error).cause)).toContain('b: needs cal: its calibration was rejected: spread too large');
      const states = (await progress(stand)).procedures.map(({ state }) => state);
      expect(states).toEqual(['done', 'done', 'failed', 'done']);
    });
  });

  test('waits for a human where an analysis asks', async () => {
    const stand = `s-${randomUUID()}`;
    const procedures = [daqProcedure('a'), analysisProcedure('cal', ['a'], { providesCalibration: true })];
    const fake = fakeActivities(procedures, stand);
    const calibration = { path: '/nowhere/cal.yaml', sha256: 'c' };
    const notices: Notice[] = [];
    const activities: FakeActivities = {
      ...fake,
      notify: async (notice) => void notices.push(notice),
      analyse: async (task) => {
        const asking = { verdict: 'ask', calibration, timeoutSeconds: 3600, undeclared: ['extra.csv'] } as const;
        return { ...(await fake.analyse(task)), ...asking };
      },
    };
    await withWorkers(server, stand, activities, async () => {
      const handle = await start(stand);
      await poll(async () => (await progress(stand)).waitingFor).toContain('an answer to cal');
      const { waiting, procedures: lines } = await progress(stand);
      expect(waiting).toMatchObject({ kind: 'answer', text: 'an answer to cal: ' });
      const notes = [{ kind: 'undeclared', text: 'undeclared output extra.csv' }];
      expect(lines[1]).toMatchObject({ waiting, notes, reasons: ['undeclared output extra.csv'] });
      await expect(handle.executeUpdate('answer', { args: [{ verdict: 'perhaps' }] })).rejects.toThrow();
      await handle.executeUpdate('answer', { args: [{ verdict: 'accept' }] });
      expect(((await handle.result()) as ScanResult).state).toBe('done');
      expect(notices).toEqual([
        { event: 'asks', scan: stand, stand, procedure: 'cal', message: 'waits for an answer to cal: ' },
        { event: 'done', scan: stand, stand, message: '2 procedures: /nowhere/out' },
      ]);
    });
  });
});

describe('people are told', () => {
  test('of runs left out, of what it waits for and of failure; a hook that fails does not disturb the scan', async () => {
    const stand = `s-${randomUUID()}`;
    const notices: Notice[] = [];
    const fake = fakeActivities([daqProcedure('a')], stand);
    const outcomes = [
      acquireOutcome({ next: 3, acquired: 2, quarantined: 1, reasons: ['run 1 is quarantined: no answer'] }),
      acquireOutcome({ end: 'space', next: 3, reasons: ['disk space: 9 MB are still to come'] }),
    ];
    const activities: FakeActivities = {
      ...fake,
      acquire: async (task) => outcomes.shift() ?? fake.acquire(task),
      merge: () => Promise.reject(ApplicationFailure.nonRetryable('no room', 'StorageError')),
      notify: async (notice) => {
        notices.push(notice);
        throw ApplicationFailure.nonRetryable('nobody listens');
      },
    };
    await withWorkers(server, stand, activities, async () => {
      const handle = await start(stand);
      await poll(() => notices.length).toBe(2);
      await handle.signal('resume');
      await expect(handle.result()).rejects.toThrow();
      expect(notices.map(({ event, message }) => `${event}: ${message}`)).toEqual([
        'quarantined: 1 of 10 runs left out: run 1 is quarantined: no answer',
        'waits: waits for disk space: 9 MB are still to come',
        'failed: a: no room',
      ]);
    });
  });
});

describe('a stand', () => {
  test('is given to the next when its holder is terminated, quiet first', async () => {
    const stand = `s-${randomUUID()}`;
    const quiet: string[] = [];
    const fake = fakeActivities([daqProcedure('a')], stand);
    const activities: FakeActivities = {
      ...fake,
      acquire: (task) => acquireUntilTold(task, 3),
      quiet: async () => void quiet.push(activityInfo().workflowExecution?.workflowId ?? ''),
    };
    await withWorkers(server, stand, activities, async () => {
      await start(stand);
      await poll(async () => (await progress(stand)).procedures[0]?.state).toBe('acquiring');
      await server.client.workflow.getHandle(`${stand}/daq/a`).terminate('test');
      await poll(async () => (await standView(stand)).history.length).toBe(1);
      expect((await standView(stand)).history.at(0)?.end).toBe('its workflow terminated');
      expect(quiet).toEqual([standWorkflowId(stand)]);
    });
  });

  test('serves urgent scans between two runs of another, which then goes on', async () => {
    const stand = `s-${randomUUID()}`;
    const tasks: string[] = [];
    const fake = fakeActivities([daqProcedure('a')], stand);
    const activities: FakeActivities = {
      ...fake,
      acquire: (task) => {
        tasks.push(`${task.context.scan.replace(stand, '')} ${task.from}`);
        return tasks.length === 1 ? acquireUntilTold(task, 4) : fake.acquire(task);
      },
    };
    await withWorkers(server, stand, activities, async () => {
      const slow = await start(`${stand}-slow`);
      await poll(() => tasks.length).toBe(1);
      const urgent = await start(`${stand}-urgent`, scanInput({ urgent: true }));
      await Promise.all([slow.result(), urgent.result()]);
      expect(tasks).toEqual(['-slow 0', '-urgent 0', '-slow 4']);
    });
  });
});
