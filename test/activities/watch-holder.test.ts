import { getEventListeners } from 'node:events';
import type { Client } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createStandActivities } from '../../src/activities/stand.js';
import { standNames } from '../../src/workflows/names.js';

// intervals (heartbeats) stay real: they need the activity's context
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A client whose holder never ends by itself; polls end when their signal does, as in the real one. */
function watchedClient() {
  const signals: AbortSignal[] = [];
  let end = (): void => undefined;
  const result = (): Promise<void> =>
    new Promise((resolve, reject) => {
      end = resolve;
      signals.at(-1)?.addEventListener('abort', () => reject(new Error('call cancelled')), { once: true });
    });
  const client = {
    workflow: { getHandle: () => ({ result }) },
    withAbortSignal: (signal: AbortSignal, poll: () => Promise<void>) => {
      signals.push(signal);
      return poll();
    },
  };
  return { client: client as unknown as Client, signals, end: () => end() };
}

function watch(environment: MockActivityEnvironment, client: Client): Promise<string> {
  const { watchHolder } = createStandActivities(client, standNames);
  return environment.run(() => watchHolder({ holder: 'h', firstRunId: 'r' }));
}

test('watching for hours leaves no listeners behind: the client gets a new signal every minute', async () => {
  const environment = new MockActivityEnvironment();
  const { client, signals, end } = watchedClient();
  const watching = watch(environment, client);
  await vi.advanceTimersByTimeAsync(2 * 3600_000);
  expect(signals.length).toBe(121);
  expect(signals.slice(0, -1).every((signal) => signal.aborted)).toBe(true);
  expect(getEventListeners(environment.context.cancellationSignal, 'abort')).toHaveLength(1);
  end();
  expect(await watching).toBe('completed');
  expect(getEventListeners(environment.context.cancellationSignal, 'abort')).toHaveLength(0);
});

test('a cancelled watch ends at once', async () => {
  const environment = new MockActivityEnvironment();
  const { client, signals } = watchedClient();
  const watching = watch(environment, client);
  await vi.advanceTimersByTimeAsync(1000);
  environment.cancel('CANCELLED');
  await expect(watching).rejects.toMatchObject({ name: 'CancelledFailure' });
  expect(signals).toHaveLength(1);
});
