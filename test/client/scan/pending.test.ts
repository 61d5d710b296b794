import type { Client } from '@temporalio/client';
import { defaultDataConverter, toPayloads } from '@temporalio/common';
import { expect, test } from 'vitest';
import { pendingWork } from '../../../src/client/scan/pending.js';

/** States of `PendingActivityState`. */
const [scheduled, started] = [1, 2];

interface Activity {
  readonly type: string;
  readonly state: number;
  readonly attempt?: number;
  readonly failure?: readonly [type: string, message: string];
  /** Seconds ago. */
  readonly due?: number;
  readonly heart?: unknown;
}

function clientWith(...activities: readonly Activity[]): Client {
  const pendingActivities = activities.map(({ type, state, attempt = 1, failure, due = 0, heart }) => ({
    activityType: { name: type },
    state,
    attempt,
    scheduledTime: stamp(60),
    nextAttemptScheduleTime: stamp(due),
    ...(failure && { lastFailure: { message: failure[1], applicationFailureInfo: { type: failure[0] } } }),
    ...(heart === undefined
      ? {}
      : { heartbeatDetails: { payloads: toPayloads(defaultDataConverter.payloadConverter, heart) } }),
  }));
  return {
    options: { loadedDataConverter: { ...defaultDataConverter, payloadCodecs: [] } },
    workflow: { getHandle: () => ({ describe: async () => ({ raw: { pendingActivities } }) }) },
  } as unknown as Client;
}

function stamp(secondsAgo: number): { seconds: number; nanos: number } {
  return { seconds: Math.floor(Date.now() / 1000) - secondsAgo, nanos: 0 };
}

const since = '2026-01-01T00:00:00.000Z';
const silent = ['LinkError', 'slow-control server at tcp://h:1 does not answer\n    is it on?'] as const;

test('a stand that does not answer: since its last run, with the try and the first line of the failure', async () => {
  const acquire = {
    type: 'acquire',
    state: started,
    attempt: 4,
    failure: silent,
    heart: { run: 3, acquired: 0, since },
  };
  const text = 'slow-control server at tcp://h:1 does not answer';
  expect(await pendingWork(clientWith(acquire), 'w')).toEqual({
    acquired: 0,
    waiting: { kind: 'link', text, since, tries: 4 },
  });
});

test('a later try that measures waits for nothing', async () => {
  const acquire = {
    type: 'acquire',
    state: started,
    attempt: 4,
    failure: silent,
    heart: { run: 3, acquired: 2, since },
  };
  expect(await pendingWork(clientWith(acquire), 'w')).toEqual({ acquired: 2 });
});

test('work that fails again and again', async () => {
  const merge = { type: 'merge', state: scheduled, attempt: 73, failure: ['DataError', 'cannot read'] } as const;
  const { waiting } = await pendingWork(clientWith(merge), 'w');
  expect(waiting).toMatchObject({ kind: 'retry', text: 'success merging (try 73): cannot read', tries: 73 });
});

test('work that nobody takes up for more than ten seconds', async () => {
  const left = { type: 'process', state: scheduled, due: 20 };
  expect((await pendingWork(clientWith(left), 'w')).waiting).toMatchObject({ kind: 'worker' });
  expect(await pendingWork(clientWith({ ...left, due: 2 }), 'w')).toEqual({ acquired: 0 });
});

test('what only waits is no work', async () => {
  const watching = { type: 'watchHolder', state: scheduled, attempt: 9, failure: silent, due: 100 };
  expect(await pendingWork(clientWith(watching), 'w')).toEqual({ acquired: 0 });
});
