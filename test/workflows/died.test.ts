import { randomUUID } from 'node:crypto';
import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import type { ScanResult } from '../../src/workflows/messages.js';
import { messages } from '../../src/workflows/names.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { beatUntil, poll, savesHistories, scanClient, scanInput } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';

const server = withServer();
savesHistories(server);
const { start, progress } = scanClient(server);

describe('the attempt of a daq worker that died, ended by the next worker,', () => {
  /** The first attempt is never heard of again; `attempts` has where each began. */
  function dyingWorker(stand: string) {
    const fake = fakeActivities([daqProcedure('a')], stand);
    const attempts: string[] = [];
    let token = new Uint8Array();
    let told = false;
    let dead = false;
    const acquire: FakeActivities['acquire'] = async (task) => {
      const { attempt, taskToken } = activityInfo();
      if (attempts.push(`from ${task.from}, attempt ${attempt}`) > 1) return fake.acquire(task);
      token = Uint8Array.from(taskToken);
      cancellationSignal().addEventListener('abort', () => void (told = true));
      await beatUntil(() => dead);
      return acquireOutcome({ next: 3, acquired: 3 }); // nobody takes it
    };
    const die = async (): Promise<void> => {
      const failure = { message: 'process 7 died', type: 'WorkerDied', nextRetryDelay: '100ms' } as const;
      await server.client.activity.fail(token, ApplicationFailure.create(failure));
      dead = true;
    };
    return { activities: { ...fake, acquire }, attempts, isTold: () => told, die };
  }

  test('is made again at once', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, attempts, die } = dyingWorker(stand);
    await withWorkers(server, stand, activities, async () => {
      const scan = await start(stand);
      await poll(() => attempts.length).toBe(1);
      await die();
      expect(((await scan.result()) as ScanResult).state).toBe('done');
      expect(attempts).toEqual(['from 0, attempt 1', 'from 0, attempt 2']);
    });
  });

  test('is not made again where it was to end: the chunk after the pause begins at the same run', async () => {
    const stand = `s-${randomUUID()}`;
    const { activities, attempts, isTold, die } = dyingWorker(stand);
    await withWorkers(server, stand, activities, async () => {
      const scan = await start(stand);
      await poll(() => attempts.length).toBe(1);
      await scan.signal(messages.pause);
      await poll(isTold).toBe(true);
      await die();
      await poll(async () => (await progress(stand)).procedures.at(0)?.state).toBe('paused');
      await scan.signal(messages.resume);
      expect(((await scan.result()) as ScanResult).state).toBe('done');
      expect(attempts).toEqual(['from 0, attempt 1', 'from 0, attempt 1']);
    });
  });
});

test("a wait for the stand's lock ends for a pause, an urgent scan, and an abort", async () => {
  const stand = `s-${randomUUID()}`;
  const fake = fakeActivities([daqProcedure('a')], stand);
  let tries = 0;
  const acquire: FakeActivities['acquire'] = async (task) => {
    if (task.context.scan !== stand) return fake.acquire(task);
    tries++;
    throw ApplicationFailure.retryable('stand s is in use by process 7', 'BusyError');
  };
  await withWorkers(server, stand, { ...fake, acquire }, async () => {
    const scan = await start(stand);
    const state = async (): Promise<string | undefined> => (await progress(stand)).procedures.at(0)?.state;
    await poll(() => tries).toBe(2);
    await poll(state).toBe('queued');
    await scan.signal(messages.pause);
    await poll(state).toBe('paused');
    await scan.signal(messages.resume);
    await poll(() => tries).toBe(3);
    const urgent = await start(`${stand}-urgent`, scanInput({ urgent: true }));
    expect(((await urgent.result()) as ScanResult).state).toBe('done');
    await scan.signal(messages.abort);
    expect(((await scan.result()) as ScanResult).state).toBe('aborted');
  });
});
