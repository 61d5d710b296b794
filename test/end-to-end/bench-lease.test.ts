import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { BenchLease } from '../../src/client/stand/bench-lease.js';
import { messages } from '../../src/workflows/names.js';
import { fakeActivities, withWorkers } from '../support/temporal/fake-scan.js';
import { poll, savesHistories, scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { standView } = scanClient(server);
const never = new AbortController().signal;

test('a command at the bench that lasts for hours keeps the stand when its workflow continues as new', async () => {
  const stand = `s-${randomUUID()}`;
  await withWorkers(server, stand, fakeActivities([], stand), async () => {
    const lease = await BenchLease.ask(server.client, stand, { what: 'stand write' });
    await lease?.granted(never, () => undefined);
    const holder = (await standView(stand)).lease?.holder ?? '';
    const handle = server.client.workflow.getHandle(holder);
    const first = (await handle.describe()).runId;
    // every sign of life makes the history longer, as hours would
    for (let signs = 1; (await handle.describe()).runId === first; signs++) {
      expect(signs).toBeLessThan(500);
      for (let i = 0; i < 20; i++) await handle.signal(messages.renewBenchLease);
    }
    expect(await handle.query(messages.benchLease)).toEqual({ granted: true });
    expect((await standView(stand)).lease?.holder).toBe(holder);
    await lease?.end();
    await poll(async () => (await standView(stand)).lease).toBeNull();
    expect((await standView(stand)).history.map(({ procedure }) => procedure)).toEqual(['stand write']);
  });
});
