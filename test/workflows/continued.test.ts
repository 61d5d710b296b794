import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { ScanResult } from '../../src/workflows/messages.js';
import { messages, standWorkflowId } from '../../src/workflows/names.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import {
  acquireUntilTold,
  poll,
  savesHistories,
  scanClient,
  scanInput,
  untilTold,
} from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

/** Events after which the server asks for a new run: a Well has them with its second or third chunk. */
const suggested = 45;
const server = withServer(`limit.historyCount.suggestContinueAsNew=${suggested}`);
savesHistories(server);
const { start, execute, progress, standView } = scanClient(server);

/** How often a workflow has continued as new. */
async function continued(workflowId: string): Promise<number> {
  for (let count = 0, runId: string | undefined; ; count++) {
    const { events } = await server.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const before = events?.at(0)?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? '';
    if (before === '') return count;
    runId = before;
  }
}

/** Makes the history of a Well so long that it continues as new when the chunk in hand has ended. */
async function lengthen(workflowId: string): Promise<number> {
  const handle = server.client.workflow.getHandle(workflowId);
  await poll(async () => {
    await handle.signal(messages.resume); // does nothing where nothing is paused
    return (await handle.describe()).historyLength;
  }).toBeGreaterThan(suggested);
  return continued(workflowId);
}

/** Ten runs: three at once, then two until it is told to end, then the others; `chunks` has whose began at which run. */
function scanInThreeChunks(stand: string): { activities: FakeActivities; chunks: string[] } {
  const fake = fakeActivities([daqProcedure('a')], stand);
  const chunks: string[] = [];
  const activities: FakeActivities = {
    ...fake,
    acquire: (task) => {
      const who = task.context.scan.replace(stand, '');
      chunks.push(`${who}@${task.from}`);
      if (who === '-urgent' || task.from > 3) return fake.acquire(task);
      return task.from === 3 ? acquireUntilTold(task, 5) : Promise.resolve(acquireOutcome({ next: 3, acquired: 3 }));
    },
  };
  return { activities, chunks };
}

describe('a Well that continues as new', () => {
  test('keeps its lease and goes on at the next run', async () => {
    const stand = `s-${randomUUID()}`;
    const fake = fakeActivities([daqProcedure('a', { runs: 6 })], stand);
    const chunks: number[] = [];
    const activities: FakeActivities = {
      ...fake,
      acquire: async ({ from }) => {
        chunks.push(from);
        return acquireOutcome({ end: from === 5 ? 'all' : 'chunk', next: from + 1, acquired: 1 });
      },
    };
    await withWorkers(server, stand, activities, async () => {
      expect((await execute(stand)).state).toBe('done');
      expect(chunks).toEqual([0, 1, 2, 3, 4, 5]);
      expect(await continued(`${stand}/daq/a`)).toBeGreaterThan(1);
      expect((await standView(stand)).history.map(({ end }) => end)).toEqual(['released']);
      const whole = { acquired: 6, processed: 6, merged: true, state: 'done' };
      expect((await progress(stand)).procedures.at(0)).toMatchObject(whole);
    });
  });

  test('stays paused, and gives the stand back in its next run', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, chunks } = scanInThreeChunks(stand);
    await withWorkers(server, stand, activities, async () => {
      const scan = await start(stand);
      await poll(() => chunks).toEqual(['@0', '@3']);
      const before = await lengthen(`${stand}/daq/a`);
      await scan.signal(messages.pause, { release: true });
      await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('paused');
      expect(await continued(`${stand}/daq/a`)).toBe(before + 1);
      expect((await standView(stand)).lease).toBeNull();
      await scan.signal(messages.resume);
      expect(((await scan.result()) as ScanResult).state).toBe('done');
      expect(chunks).toEqual(['@0', '@3', '@5']);
    });
  });

  test('lends the stand in its next run where an urgent scan came in the last', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, chunks } = scanInThreeChunks(stand);
    await withWorkers(server, stand, activities, async () => {
      const slow = await start(`${stand}-slow`);
      await poll(() => chunks).toEqual(['-slow@0', '-slow@3']);
      const before = await lengthen(`${stand}-slow/daq/a`);
      const urgent = await start(`${stand}-urgent`, scanInput({ urgent: true }));
      await Promise.all([slow.result(), urgent.result()]);
      expect(chunks).toEqual(['-slow@0', '-slow@3', '-urgent@0', '-slow@5']);
      expect(await continued(`${stand}-slow/daq/a`)).toBeGreaterThan(before);
    });
  });

  test('ends a merge that has begun, and begins it again', async () => {
    const stand = `s-${randomUUID()}`;
    const fake = fakeActivities([daqProcedure('a', { runs: 12 })], stand);
    let merges = 0;
    const activities: FakeActivities = {
      ...fake,
      acquire: async ({ from }) => {
        const begun = [0, 0, 1, 1, 2, 2][from / 2]; // while it measures, in the first run of the workflow and in another
        await poll(() => merges).toBeGreaterThanOrEqual(begun);
        return acquireOutcome({ end: from < 10 ? 'chunk' : 'all', next: from + 2, acquired: 2, secondsPerRun: 5 });
      },
      mergeAhead: async () => {
        merges++;
        await untilTold();
        return null;
      },
    };
    await withWorkers(server, stand, activities, async () => {
      expect((await execute(stand)).state).toBe('done');
      expect(await continued(`${stand}/daq/a`)).toBeGreaterThan(0);
    });
  });
});

test('a stand that continues as new keeps lease and queue', async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a')], stand);
  const holds = `${stand}-holds`;
  const activities: FakeActivities = {
    ...fake,
    acquire: (task) => (task.context.scan === holds ? acquireUntilTold(task, 3) : fake.acquire(task)),
  };
  await withWorkers(server, stand, activities, async () => {
    const first = await start(holds);
    await poll(async () => (await progress(holds)).procedures.at(0)?.state).toBe('acquiring');
    const second = await start(`${stand}-second`);
    await poll(async () => (await standView(stand)).queue.length).toBe(1);
    const third = await start(`${stand}-third`);
    await poll(async () => (await standView(stand)).queue.length).toBe(2);
    const handle = server.client.workflow.getHandle(standWorkflowId(stand));
    await handle.executeUpdate(messages.editQueue, { args: [{ action: 'hold', id: `${stand}-third` }] });
    const before = await standView(stand);
    const [{ held: _, ...request }] = before.queue;
    await poll(async () => {
      await handle.signal(messages.requestLease, request); // as every Well does that waits for long
      return continued(standWorkflowId(stand));
    }).toBe(1);
    expect(await standView(stand)).toEqual(before);
    expect(before.queue.map(({ scan, held }) => [scan, held])).toEqual([
      [`${stand}-second`, false],
      [`${stand}-third`, true],
    ]);
    await first.signal(messages.abort);
    expect(((await second.result()) as ScanResult).state).toBe('done');
    await handle.executeUpdate(messages.editQueue, { args: [{ action: 'hold', id: `${stand}-third` }] });
    expect(((await third.result()) as ScanResult).state).toBe('done');
    const ends = (await standView(stand)).history.map(({ scan, end }) => [scan, end]);
    expect(ends).toEqual([`${stand}-third`, `${stand}-second`, holds].map((scan) => [scan, 'released']));
  });
});
