import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { daqQueue, processingQueue, workflowQueue } from '../../workflows/names.js';

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

const activityTasks = 2;
const workflowTasks = 1;

/** Whether a worker asked for this queue's tasks in the last minutes. */
export async function hasPoller(client: Client, queue: string): Promise<boolean> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: queue === workflowQueue ? workflowTasks : activityTasks,
  });
  return (pollers ?? []).length > 0;
}
