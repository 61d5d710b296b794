import type { Client } from '@temporalio/client';

/** A worker that asks a queue for work. */
export interface Poller {
  readonly identity: string;
  /** Seconds since it last asked. */
  readonly secondsAgo: number;
  /** By how much the server's clock, which says so, is at least ahead of ours. */
  readonly secondsAhead: number;
}

/** A worker asks again at the latest when its long poll is over, after a minute; the server remembers for longer. */
const freshSeconds = 70;

const taskTypes = { workflow: 1, activity: 2 } as const;

/** Who asks a queue for tasks of a kind. A worker that died within the last minute is among them. */
export async function readPollers(client: Client, queue: string, kind: keyof typeof taskTypes): Promise<Poller[]> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: queue },
    taskQueueType: taskTypes[kind],
  });
  return (pollers ?? [])
    .map(({ identity, lastAccessTime }) => ({
      identity: identity ?? '',
      ...agoOrAhead(Date.now() / 1000 - Number(lastAccessTime?.seconds ?? 0)),
    }))
    .filter(({ secondsAgo }) => secondsAgo < freshSeconds);
}

function agoOrAhead(seconds: number): Pick<Poller, 'secondsAgo' | 'secondsAhead'> {
  return { secondsAgo: Math.max(0, seconds), secondsAhead: Math.max(0, -seconds) };
}
