import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ScanResult } from '../../src/workflows/messages.js';
import { daqProcedure, fakeActivities, withWorkers } from '../support/temporal/fake-scan.js';
import { acquireUntilTold, poll, savesHistories, scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { start, progress } = scanClient(server);

test('a scan answers updates with what becomes of it, and takes signals of the same names', async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a')], stand);
  const acquire: typeof fake.acquire = (task) => acquireUntilTold(task, task.from + 3);
  await withWorkers(server, stand, { ...fake, acquire }, async () => {
    const handle = await start(stand);
    const update = (name: string, argument?: unknown) =>
      handle.executeUpdate<string, [unknown]>(name, { args: [argument] });
    await poll(async () => (await progress(stand)).procedures[0]?.state).toBe('acquiring');
    await expect(update('pause', 'now')).rejects.toThrow();
    expect(await update('pause')).toBe('paused; run 1 of 10 of a, or a later one, is finished first');
    expect(await update('pause')).toBe('is paused already');
    await handle.signal('pause', 'rubbish');
    await handle.signal('resume');
    await poll(async () => (await progress(stand)).procedures[0]?.state).toBe('acquiring');
    expect(await update('resume')).toBe('is not paused');
    expect(await update('abort', {})).toBe('is being aborted; what was measured is still processed');
    expect(((await handle.result()) as ScanResult).state).toBe('aborted');
  });
});
