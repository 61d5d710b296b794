import { randomUUID } from 'node:crypto';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { describe, expect, test } from 'vitest';
import { BenchLease } from '../../src/client/stand/bench-lease.js';
import type { OpenedProcedure } from '../../src/domain/scan/tasks.js';
import type { ScanResult } from '../../src/workflows/messages.js';
import { standWorkflowId } from '../../src/workflows/names.js';
import {
  analysisProcedure,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import {
  acquireUntilTold,
  beatUntil,
  poll,
  savesHistories,
  scanClient,
  untilTold,
} from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

/** `temporal workflow cancel`, or the button in the Web UI. */
const server = withServer();
savesHistories(server);
const { start, execute, progress, standView } = scanClient(server);
const never = new AbortController().signal;

const workflow = (id: string) => server.client.workflow.getHandle(id);

async function status(id: string): Promise<string> {
  return (await workflow(id).describe()).status.name;
}

/** Cancels a workflow and waits until it has ended, however it does. */
async function cancel(id: string): Promise<void> {
  await workflow(id).cancel();
  await expect(workflow(id).result()).rejects.toThrow();
}

/** A stand whose scans measure until they are told to end; `calls` has who made it quiet and how scans were closed. */
function slowStand(
  stand: string,
  procedures: readonly OpenedProcedure[] = [daqProcedure('a')],
): { activities: FakeActivities; calls: string[] } {
  const fake = fakeActivities(procedures, stand);
  const calls: string[] = [];
  const activities: FakeActivities = {
    ...fake,
    acquire: (task) => acquireUntilTold(task, 3),
    quiet: async () => void calls.push(`quiet by ${activityInfo().workflowExecution?.workflowId}`),
    closeScan: async ({ state }) => {
      calls.push(`closed ${state}`);
      return null;
    },
  };
  return { activities, calls };
}

async function endlessAnalysis(): Promise<never> {
  await untilTold();
  throw cancellationSignal().reason;
}

describe('a scan that is cancelled', () => {
  test('while it measures makes its stand quiet, gives it back and closes', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, calls } = slowStand(stand, [daqProcedure('a'), analysisProcedure('x', ['a'])]);
    await withWorkers(server, stand, activities, async () => {
      await start(stand);
      await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('acquiring');
      await cancel(stand);
      expect(calls).toEqual([`quiet by ${stand}/daq/a`, 'closed aborted']);
      expect([await status(stand), await status(`${stand}/daq/a`)]).toEqual(['CANCELLED', 'CANCELLED']);
      await poll(async () => (await standView(stand)).history.map(({ end }) => end)).toEqual(['released']);
      expect((await standView(stand)).lease).toBeNull();
    });
  });

  test('while it waits for its stand leaves it to others', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, calls } = slowStand(stand);
    await withWorkers(server, stand, activities, async () => {
      const lease = await BenchLease.ask(server.client, stand, { what: 'stand write' });
      await lease?.granted(never, () => undefined);
      await start(stand);
      await poll(async () => (await standView(stand)).queue.length).toBe(1);
      await cancel(stand);
      expect(calls).toEqual(['closed aborted']);
      expect([await status(stand), await status(`${stand}/daq/a`)]).toEqual(['CANCELLED', 'CANCELLED']);
      await lease?.end();
      await poll(async () => (await standView(stand)).history.at(-1)?.end).toBe('released');
      await poll(async () => (await standView(stand)).lease).toBeNull();
    });
  });

  test('while an analysis runs and another waits for an answer ends both', async () => {
    const stand = `s-${randomUUID()}`;
    const procedures = [daqProcedure('a'), analysisProcedure('x', ['a']), analysisProcedure('cal', ['a'])];
    const { activities, calls } = slowStand(stand, procedures);
    const fake = fakeActivities(procedures, stand);
    const running: string[] = [];
    const analyse: FakeActivities['analyse'] = async (task) => {
      running.push(task.name);
      if (task.name === 'x') return endlessAnalysis();
      return { ...(await fake.analyse(task)), verdict: 'ask', timeoutSeconds: 3600 };
    };
    await withWorkers(server, stand, { ...activities, acquire: fake.acquire, analyse }, async () => {
      await start(stand);
      await poll(async () => (await progress(stand)).waitingFor).toContain('an answer to cal');
      await poll(() => running).toContain('x');
      await cancel(stand);
      const ids = [stand, `${stand}/analysis/x`, `${stand}/analysis/cal`];
      expect(await Promise.all(ids.map(status))).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
      expect(calls.at(-1)).toBe('closed aborted');
    });
  });
});

describe('a scan whose last child is cancelled, and not itself,', () => {
  test('a Well, ends with the stand free', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, calls } = slowStand(stand);
    await withWorkers(server, stand, activities, async () => {
      const scan = await start(stand);
      await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('acquiring');
      await cancel(`${stand}/daq/a`);
      await Promise.allSettled([scan.result()]);
      expect(await status(`${stand}/daq/a`)).toBe('CANCELLED');
      expect(calls[0]).toBe(`quiet by ${stand}/daq/a`);
      expect(calls[1]).toBe('closed aborted');
      await poll(async () => (await standView(stand)).history.map(({ end }) => end)).toEqual(['released']);
    });
  });

  test('a Distillery, ends', async () => {
    const stand = `s-${randomUUID()}`;
    const procedures = [daqProcedure('a'), analysisProcedure('x', ['a'])];
    const { activities, calls } = slowStand(stand, procedures);
    const { acquire } = fakeActivities(procedures, stand);
    await withWorkers(server, stand, { ...activities, acquire, analyse: endlessAnalysis }, async () => {
      const scan = await start(stand);
      await poll(async () => (await progress(stand)).procedures.at(1)?.state).toBe('analysing');
      await cancel(`${stand}/analysis/x`);
      await Promise.allSettled([scan.result()]);
      expect(await status(`${stand}/analysis/x`)).toBe('CANCELLED');
      expect(calls.at(-1)).toBe('closed aborted');
    });
  });
});

test('a lease of a command at the bench that is cancelled leaves the stand to the next', async () => {
  const stand = `s-${randomUUID()}`;
  await withWorkers(server, stand, fakeActivities([daqProcedure('a')], stand), async () => {
    const lease = await BenchLease.ask(server.client, stand, { what: 'stand write' });
    await lease?.granted(never, () => undefined);
    const holder = (await standView(stand)).lease?.holder ?? '';
    const scan = execute(`${stand}-scan`);
    await poll(async () => (await standView(stand)).queue.length).toBe(1);
    await cancel(holder);
    await lease?.end();
    expect(await status(holder)).toBe('CANCELLED');
    expect((await scan).state).toBe('done');
    const ends = (await standView(stand)).history.map(({ procedure, end }) => [procedure, end]);
    expect(ends).toEqual([
      ['a', 'released'],
      ['stand write', 'its workflow cancelled'],
    ]);
  });
});

describe('the workflow of a stand that is cancelled', () => {
  test('while nobody has the stand is there again for the next scan', async () => {
    const stand = `s-${randomUUID()}`;
    await withWorkers(server, stand, fakeActivities([daqProcedure('a')], stand), async () => {
      await execute(`${stand}-first`);
      await poll(async () => (await standView(stand)).lease).toBeNull();
      await cancel(standWorkflowId(stand));
      expect(await status(standWorkflowId(stand))).toBe('CANCELLED');
      expect((await execute(`${stand}-second`)).state).toBe('done');
    });
  });

  test('serves whoever has it and whoever waits, and then ends', async () => {
    const stand = `s-${randomUUID()}`;
    const fake = fakeActivities([daqProcedure('a')], stand);
    let finish = false;
    const acquire: FakeActivities['acquire'] = async (task) => {
      await beatUntil(() => finish);
      return fake.acquire(task);
    };
    await withWorkers(server, stand, { ...fake, acquire }, async () => {
      const holder = await start(`${stand}-holder`);
      await poll(async () => (await progress(`${stand}-holder`)).procedures.at(0)?.state).toBe('acquiring');
      const waiter = await start(`${stand}-waiter`);
      await poll(async () => (await standView(stand)).queue.length).toBe(1);
      await workflow(standWorkflowId(stand)).cancel();
      expect(await status(standWorkflowId(stand))).toBe('RUNNING');
      finish = true;
      expect(((await holder.result()) as ScanResult).state).toBe('done');
      expect(((await waiter.result()) as ScanResult).state).toBe('done');
      await poll(() => status(standWorkflowId(stand))).toBe('CANCELLED');
    });
  });
});
