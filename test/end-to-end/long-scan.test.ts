import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { withHeartbeat } from '../../src/activities/heartbeat.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
const { execute, standView } = scanClient(server);

/** Number of events of every run of a workflow, the oldest first, and the states it told of itself. */
async function runsOf(workflowId: string): Promise<{ events: number; phases: Set<string> }[]> {
  const runs = [];
  for await (const { runId } of server.client.workflow.list({ query: `WorkflowId = '${workflowId}'` })) {
    const { events } = await server.client.workflow.getHandle(workflowId, runId).fetchHistory();
    const payloads = (events ?? []).flatMap(({ upsertWorkflowSearchAttributesEventAttributes: upsert }) =>
      Object.values(upsert?.searchAttributes?.indexedFields ?? {}).map(({ data }) =>
        Buffer.from(data ?? []).toString(),
      ),
    );
    runs.unshift({
      events: events?.length ?? 0,
      phases: new Set(payloads.map((text) => text.replaceAll(/["[\]]/g, ''))),
    });
  }
  return runs;
}

/** Signals that change nothing, until the workflow's history has `events` events. */
async function lengthen(workflowId: string, events: number): Promise<void> {
  const handle = server.client.workflow.getHandle(workflowId);
  for (;;) {
    await Promise.all(Array.from({ length: 100 }, () => handle.signal('resume')));
    if ((await handle.describe()).historyLength >= events) return;
  }
}

test('a scan whose history grows long goes on in a new run with the stand still its own', async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a', { runs: 40 })], stand);
  const from: number[] = [];
  let quiet = 0;
  const activities: FakeActivities = {
    ...fake,
    acquire: async (task) => {
      from.push(task.from);
      expect((await standView(stand)).lease?.procedure).toBe('a');
      if (task.from === 20)
        await withHeartbeat(
          () => null,
          () => lengthen(`${stand}/daq/a`, 3000),
        );
      return acquireOutcome({ next: task.from + 2, acquired: 2, secondsPerRun: 0.01 });
    },
    quiet: async () => void quiet++,
  };
  await withWorkers(server, stand, activities, async () => {
    expect((await execute(stand)).state).toBe('done');
    expect(from).toEqual(Array.from({ length: 20 }, (_, chunk) => 2 * chunk));
    expect(quiet).toBe(1);
    expect((await standView(stand)).history.map(({ end }) => end)).toEqual(['released']);
    const histories = await runsOf(`${stand}/daq/a`);
    expect(histories).toHaveLength(2);
    for (const { events, phases } of histories) {
      expect(events).toBeLessThan(4096);
      expect([...phases]).not.toContain('failed');
    }
  });
}, 300_000);
