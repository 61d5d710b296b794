import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { followScan } from '../../../src/client/scan/follow.js';

test('a scan is not followed where that is no longer wanted', async () => {
  const unending = { result: () => new Promise(() => undefined), query: () => Promise.reject(new Error('no worker')) };
  const client = { workflow: { getHandle: () => unending } } as unknown as Client;
  expect(await followScan(client, 'scan-1', AbortSignal.abort())).toBeUndefined();
});
