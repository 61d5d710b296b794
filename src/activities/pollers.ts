import { cancellationSignal, heartbeat, sleep } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { readPollers } from '../io/temporal/pollers.js';

export interface QueuesTask {
  /** Task queues on which activities must be done. */
  readonly queues: readonly string[];
}

/** Whether workers are there for a scan: the server is asked, not they, so that a busy one counts too. */
export interface PollerActivities {
  /** Those of the queues that no worker asks. */
  findUnpolled(task: QueuesTask): Promise<readonly string[]>;
  /** Resolves when workers ask all of the queues. */
  waitUntilPolled(task: QueuesTask): Promise<void>;
}

/** The server tells nobody when a worker comes. */
const pollMs = 2000;

export function createPollerActivities(client: Client): PollerActivities {
  const findUnpolled = async ({ queues }: QueuesTask): Promise<string[]> => {
    const polled = await Promise.all(queues.map((queue) => readPollers(client, queue, 'activity')));
    return queues.filter((_, i) => polled[i].length === 0);
  };
  return {
    findUnpolled,
    waitUntilPolled: async (task) => {
      while ((await findUnpolled(task)).length > 0) {
        cancellationSignal().throwIfAborted();
        heartbeat();
        await sleep(pollMs);
      }
    },
  };
}
