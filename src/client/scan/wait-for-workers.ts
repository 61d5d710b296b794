import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { readPollers } from '../../io/temporal/pollers.js';
import type { ScanProgress } from '../../workflows/messages.js';
import { daqQueue, messages, processingQueue, workflowQueue } from '../../workflows/names.js';

/** Looking again is the only way: a server does not tell when a worker begins to poll. */
const pollMs = 1000;

/** Waits until workers poll the queues that every scan needs. */
export async function waitForWorkers(client: Client, input: ScanInput): Promise<void> {
  const queues = [workflowQueue, processingQueue, ...(input.stand === undefined ? [] : [daqQueue(input.stand)])];
  let told = '';
  for (;;) {
    const polled = await Promise.all(queues.map((queue) => hasPoller(client, queue)));
    const missing = queues.filter((_, i) => !polled[i]).join(', ');
    if (missing === '') return;
    if (missing !== told) process.stderr.write(`waiting for workers on: ${missing}\n`);
    told = missing;
    await delay(pollMs);
  }
}

/** Where nobody is to wait: names the first worker that every scan needs and that is missing. */
export async function requireWorkers(client: Client): Promise<void> {
  const starts = { [workflowQueue]: 'workflow', [processingQueue]: 'processing' };
  for (const [queue, start] of Object.entries(starts)) {
    if (await hasPoller(client, queue)) continue;
    throw missing(`no worker on queue ${queue}: start one with 'datenraffinerie worker ${start}'`);
  }
}

/** Aborts a scan that waits for a worker before it has begun, and says so: which workers it needs only it knows. */
export function refuseToWait(client: Client, id: string): (progress: ScanProgress) => Promise<void> {
  return async ({ phase, waiting }) => {
    if (phase !== 'waiting' || waiting?.kind !== 'worker') return; // what a procedure waits for is another matter
    await client.workflow.getHandle(id).signal(messages.abort, {});
    throw missing(`the scan ${id} needs ${waiting.text}`);
  };
}

function missing(message: string): DatenraffinerieError {
  return new DatenraffinerieError('ServerError', message, { remedy: 'or let it wait for them: --wait' });
}

/** Whether a worker asks for this queue's tasks. */
export async function hasPoller(client: Client, queue: string): Promise<boolean> {
  return (await readPollers(client, queue, queue === workflowQueue ? 'workflow' : 'activity')).length > 0;
}
