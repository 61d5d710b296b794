import { randomUUID } from 'node:crypto';
import { cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import type { ScanResult } from '../../src/workflows/messages.js';
import {
  analysisProcedure,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { poll, savesHistories, scanClient, untilTold } from '../support/temporal/scan-client.js';
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

test('an abort ends an analysis that is running, and one that is tried again and again', async () => {
  const procedures = [daqProcedure('a'), analysisProcedure('slow', ['a']), analysisProcedure('broken', ['a'])];
  const stand = `s-${randomUUID()}`;
  const analyse: FakeActivities['analyse'] = async ({ name }) => {
    if (name === 'broken') throw ApplicationFailure.create({ message: 'no disk', nextRetryDelay: '1 hour' });
    await untilTold();
    throw cancellationSignal().reason;
  };
  await withWorkers(server, stand, { ...fakeActivities(procedures, stand), analyse }, async () => {
    const handle = await start(stand);
    const states = async () => (await progress(stand)).procedures.map(({ state }) => state);
    await poll(states).toEqual(['done', 'analysing', 'analysing']);
    await handle.signal('abort', {});
    const result = (await handle.result()) as ScanResult;
    expect(result.state).toBe('aborted');
    expect(result.procedures.map(({ state }) => state)).toEqual(['done', 'aborted', 'aborted']);
  });
});
