import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { BenchLease } from '../../src/client/stand/bench-lease.js';
import { daqProcedure, fakeActivities, withWorkers } from '../support/temporal/fake-scan.js';
import { poll, savesHistories, scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { execute, standView } = scanClient(server);

test('a command at the bench has the stand until it says so; a scan waits for it', async () => {
  const stand = `s-${randomUUID()}`;
  await withWorkers(server, stand, fakeActivities([daqProcedure('a')], stand), async () => {
    const lease = await BenchLease.ask(server.client, stand, { what: 'stand write' });
    if (lease === undefined) throw new Error('no worker answered');
    await lease.granted(new AbortController().signal, () => undefined);
    const scan = execute(`${stand}-scan`);
    await poll(async () => (await standView(stand)).queue.length).toBe(1);
    await lease.end();
    expect((await scan).state).toBe('done');
    expect((await standView(stand)).history.map(({ procedure }) => procedure)).toEqual(['a', 'stand write']);
  });
});
