import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { startOrAttach } from '../../../src/client/scan/start-scan.js';
import type { ScanInput } from '../../../src/domain/scan/scan-input.js';

const input: ScanInput = { config: '/c/main.yaml', procedures: ['p'], output: '/o' };

/** A server on which a scan runs under the id at the first `starts`, but has ended when it is looked at. */
function racing(starts: number): { client: Client; calls: string[] } {
  const calls: string[] = [];
  const start = async (): Promise<void> => {
    calls.push('start');
    if (calls.filter((call) => call === 'start').length <= starts) {
      throw new WorkflowExecutionAlreadyStartedError('runs', 'scan-1', 'valveYard');
    }
  };
  const describe = async (): Promise<unknown> => {
    calls.push('describe');
    return { status: { name: 'COMPLETED' }, runId: 'r' };
  };
  const withDeadline = (_: number, ask: () => unknown): unknown => ask();
  const client = { workflow: { start, getHandle: () => ({ describe }) }, withDeadline } as unknown as Client;
  return { client, calls };
}

test('a scan that ends between the refusal and the look at it is started again', async () => {
  const { client, calls } = racing(2);
  await startOrAttach(client, 'scan-1', input);
  expect(calls).toEqual(['start', 'describe', 'start', 'describe', 'start']);
});
