import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { ScanResult } from '../../src/workflows/messages.js';
import { analysisProcedure, daqProcedure, fakeActivities, withWorkers } from '../support/temporal/fake-scan.js';
import { poll, savesHistories, scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { start, progress } = scanClient(server);

test('an abort ends the wait for an answer, as a rejection', async () => {
  const stand = `s-${randomUUID()}`;
  const procedures = [
    daqProcedure('a'),
    analysisProcedure('cal', ['a'], { providesCalibration: true }),
    daqProcedure('b', { calibrations: ['cal'] }),
  ];
  const fake = fakeActivities(procedures, stand);
  const calibration = { path: '/nowhere/cal.yaml', sha256: 'c' };
  const asking = { verdict: 'ask', reason: 'odd', calibration, timeoutSeconds: 3600 } as const;
  const activities = {
    ...fake,
    analyse: async (task: Parameters<typeof fake.analyse>[0]) => ({ ...(await fake.analyse(task)), ...asking }),
  };
  await withWorkers(server, stand, activities, async () => {
    const handle = await start(stand);
    await poll(async () => (await progress(stand)).waitingFor).toContain('an answer to cal');
    await handle.signal('abort', {});
    const result = (await handle.result()) as ScanResult;
    expect(result.state).toBe('aborted');
    expect(result.procedures.map(({ state }) => state)).toEqual(['done', 'done', 'aborted']);
  });
});
