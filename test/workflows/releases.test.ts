import { randomUUID } from 'node:crypto';
import { NativeConnection, Worker } from '@temporalio/worker';
import { expect, test } from 'vitest';
import { identity } from '../../src/workers/setting.js';
import { welcomeRelease } from '../../src/workers/releases.js';
import { standWorkflowId, workflowQueue } from '../../src/workflows/names.js';
import { daqProcedure, fakeActivities, withWorkers, workflowBundle } from '../support/temporal/fake-scan.js';
import { poll, scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
const { execute, standView } = scanClient(server);

/** What a workflow worker says at its start where one of this identity is there. */
async function saidBeside(name: string): Promise<string> {
  const connection = await NativeConnection.connect({ address: server.address });
  const options = { connection, taskQueue: workflowQueue, identity: name, workflowBundle: await workflowBundle() };
  const worker = await Worker.create(options);
  const said: string[] = [];
  await worker.runUntil(
    poll(async () => {
      const { pollers } = await server.client.workflowService.describeTaskQueue({
        ...{ namespace: server.namespace, taskQueue: { name: workflowQueue }, taskQueueType: 1 },
      });
      return pollers?.some((each) => each.identity === name) === true;
    })
      .toBe(true)
      .then(() => welcomeRelease(server.client, (text) => said.push(text))),
  );
  await connection.close();
  return said.join();
}

test('a workflow worker of this release is no news; one of another is warned of', async () => {
  expect(await saidBeside(identity('workflow'))).toBe('');
  expect(await saidBeside('workflow@lab-pc')).toMatch(
    /WARNING: .*another release.*workflow@lab-pc \(before 2\.1, seen/s,
  );
});

test('stands that are idle are renewed when a workflow worker starts', async () => {
  const stand = `s-${randomUUID()}`;
  await withWorkers(server, stand, fakeActivities([daqProcedure('a')], stand), async () => {
    await execute(stand);
    await poll(async () => (await standView(stand)).lease).toBeNull();
    const handle = server.client.workflow.getHandle(standWorkflowId(stand));
    const { runId } = await handle.describe();
    await poll(async () => {
      await welcomeRelease(server.client, () => undefined); // the server's list is a little behind
      return (await handle.describe()).runId === runId;
    }).toBe(false);
    expect((await standView(stand)).history).toHaveLength(1);
  });
});
