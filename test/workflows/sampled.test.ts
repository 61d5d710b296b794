import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { expect, test } from 'vitest';
import { liveProgress } from '../../src/client/scan/live-progress.js';
import { standView } from '../../src/client/stand/view.js';
import { editQueueUpdate } from '../../src/workflows/definitions.js';
import { messages, standWorkflowId } from '../../src/workflows/names.js';
import { chooseBy, type Chooser } from '../support/driver/moves.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { poll, scanClient, scanInput } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

/** As the models in `models`, but on a real server: fewer sequences, real time. */
const sequences = 50;
const stands = 5;
const runs = 8;
/** Many scans at once on whatever machine. */
const patienceMs = 120_000;

const server = withServer();
const { start } = scanClient(server);

/** A stand whose runs take a moment; throws where two Wells drive it. */
function stand(name: string): FakeActivities & { readonly beside: string[] } {
  const fake = fakeActivities([daqProcedure('a', { runs })], name);
  const beside: string[] = [];
  let user: string | undefined;
  const acquire: FakeActivities['acquire'] = async ({ context, from }) => {
    if (user !== undefined) beside.push(`${context.scan} beside ${user}`);
    user = context.scan;
    let next = from;
    for (; next < runs && !cancellationSignal().aborted; next++) {
      heartbeat();
      await delay(40);
    }
    user = undefined;
    return acquireOutcome({ end: next < runs ? 'cancelled' : 'all', next, acquired: next - from });
  };
  // all stands of this test share the queue of the workflows: whoever opens a scan must not take it for his own
  const openScan: FakeActivities['openScan'] = async (task) => {
    const { context, ...opened } = await fake.openScan(task);
    return { ...opened, context: { ...context, stand: task.input.stand ?? name } };
  };
  return { ...fake, openScan, acquire, beside };
}

/** What people do to three scans on a stand, one of them urgent; then all are let go on, and all must end. */
async function play(name: string, sequence: string, choose: Chooser): Promise<void> {
  const ids = ['a', 'b', 'c'].map((scan) => `${sequence}-${scan}`);
  const handles = await Promise.all(
    ids.map((id, i) => delay(40 * choose(8)).then(() => start(id, scanInput({ stand: name, urgent: i === 2 })))),
  );
  for (let move = 0; move < 12; move++) {
    const i = choose(3);
    const handle = handles[i];
    const edit = { action: (['move', 'hold', 'remove'] as const)[choose(3)], id: ids[i], position: 0 };
    const moves = [
      () => handle.signal(messages.pause, {}),
      () => handle.signal(messages.pause, { release: true }),
      () => handle.signal(messages.resume),
      () => handle.signal(messages.resume),
      () => server.client.workflow.getHandle(standWorkflowId(name)).executeUpdate(editQueueUpdate, { args: [edit] }),
      () => (choose(2) === 0 ? handle.signal(messages.abort) : handle.cancel()),
    ];
    const make: () => Promise<unknown> = moves[choose(moves.length)];
    await make().catch(() => undefined); // it has ended, or waits for nothing
    await delay(25 * choose(6));
  }
  await poll(async () => {
    for (const handle of handles) await handle.signal(messages.resume).catch(() => undefined);
    for (const { held, scan } of (await standView(server.client, name)).queue) {
      const again = { action: 'hold', id: scan } as const;
      if (held)
        await server.client.workflow.getHandle(standWorkflowId(name)).executeUpdate(editQueueUpdate, { args: [again] });
    }
    const states = await Promise.all(handles.map((handle) => handle.describe()));
    const running = states.filter(({ status }) => status.name === 'RUNNING').map(({ workflowId }) => workflowId);
    return await Promise.all(running.map((id) => liveProgress(server.client, id)));
  }, patienceMs).toEqual([]);
  await poll(async () => ({ ...(await standView(server.client, name)), history: [] })).toMatchObject({
    lease: null,
    queue: [],
  });
}

test(`${sequences} sequences of what people may do to three scans on a stand end with all scans and a free stand`, async () => {
  const round = async (lane: number): Promise<void> => {
    const name = `n-${randomUUID()}`;
    const activities = stand(name);
    await withWorkers(server, name, activities, async () => {
      for (let i = lane; i < sequences; i += stands) await play(name, `${name}-${i}`, chooseBy(i));
    });
    expect(activities.beside).toEqual([]);
  };
  await Promise.all(Array.from({ length: stands }, (_, lane) => round(lane)));
}, 600_000);
