import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { want } from '../../../src/client/scan/send.js';

/** A client whose scan answers updates so. */
function clientOf(executeUpdate: () => Promise<string>): { readonly client: Client; readonly signals: unknown[] } {
  const signals: unknown[] = [];
  const signal = (name: string, argument: unknown): Promise<void> => {
    signals.push([name, argument]);
    return Promise.resolve();
  };
  const workflow = { getHandle: () => ({ executeUpdate, signal }) };
  const client = { workflow, withDeadline: (_: number, ask: () => unknown) => ask() } as unknown as Client;
  return { client, signals };
}

test('a scan is asked by an update, whose answer is told', async () => {
  const { client, signals } = clientOf(() => Promise.resolve('is paused already'));
  expect(await want(client, 'scan-1', 'pause', {})).toBe('scan-1 is paused already');
  expect(signals).toEqual([]);
});

test('a scan that knows no such update, or that nobody answers for, gets a signal', async () => {
  const { client, signals } = clientOf(() => Promise.reject(new Error('no handler')));
  expect(await want(client, 'scan-1', 'pause', { release: true })).toBe('told scan-1');
  expect(signals).toEqual([['pause', { release: true }]]);
});

test('a scan that has ended gets nothing', async () => {
  const ended = new WorkflowNotFoundError('workflow execution already completed', 'scan-1', undefined);
  const { client, signals } = clientOf(() => Promise.reject(ended));
  await expect(want(client, 'scan-1', 'abort', {})).rejects.toThrow("the scan 'scan-1' has ended already");
  expect(signals).toEqual([]);
});
