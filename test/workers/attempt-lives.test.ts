import { ActivityNotFoundError, type Client, WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { attemptLives } from '../../src/workers/attempt-lives.js';
import type { LockHolder } from '../../src/io/stand/locks/stand-lock.js';

/** States of `PendingActivityState`. */
const [scheduled, started, cancelRequested] = [1, 2, 3];

const holder: LockHolder = {
  pid: 1,
  host: 'h',
  identity: '1',
  what: 'scan: pedestals',
  taskToken: 'dG9rZW4=',
  attempt: { workflowId: 'scan/daq/pedestals', activityId: '7', number: 3 },
};

interface Told {
  readonly beats: number;
}

/** A server that describes a workflow so, or refuses; counts the heartbeats that are sent in the holder's name. */
function server(describe: () => Promise<unknown>, beat: () => Promise<void> = async () => undefined) {
  const told = { beats: 0 };
  const heartbeat = (): Promise<void> => {
    told.beats++;
    return beat();
  };
  const client = { workflow: { getHandle: () => ({ describe }) }, activity: { heartbeat } } as unknown as Client;
  return { client, told: told as Told };
}

function pending(attempt: number, state: number): () => Promise<unknown> {
  return async () => ({ raw: { pendingActivities: [{ activityId: '7', attempt, state }] } });
}

test.each([
  ['its own attempt, started', pending(3, started), true],
  ['its own attempt, asked to end', pending(3, cancelRequested), true],
  ['a later attempt', pending(4, started), false],
  ['its number, to be given to a worker again', pending(3, scheduled), false],
  ['no such activity', async () => ({ raw: { pendingActivities: [] } }), false],
  ['no such workflow', () => Promise.reject(new WorkflowNotFoundError('none', 'w', undefined)), false],
  ['a server that does not answer', () => Promise.reject(new Error('14 UNAVAILABLE')), true],
])('a holder of the lock is judged by what the server says: %s', async (_, describe, lives) => {
  const { client, told } = server(describe);
  expect(await attemptLives(client, holder)).toBe(lives);
  expect(told.beats).toBe(0); // a heartbeat would prolong the life that is in doubt
});

test.each([
  ['answers', async () => undefined, true],
  ['has gone', () => Promise.reject(new ActivityNotFoundError('gone')), false],
  ['is paused', () => Promise.reject(new Error('paused')), true],
])('of a holder of 2.0.0, which wrote its token alone, a heartbeat tells: it %s', async (_, beat, lives) => {
  const { client, told } = server(() => Promise.reject(new Error('not asked')), beat);
  const { attempt: __, ...old } = holder;
  expect(await attemptLives(client, old)).toBe(lives);
  expect(told.beats).toBe(1);
});
