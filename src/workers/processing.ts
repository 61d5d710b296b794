import { createPingActivities } from '../activities/ping.js';
import { createProcessActivities } from '../activities/process.js';
import { ProcessingPool } from '../io/process/processing-pool.js';
import { processingQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import type { RoleWorker } from './parts.js';
import { identity } from './setting.js';

/** Raw files to tables, in as many threads as there are cores. */
export async function processingWorker(): Promise<RoleWorker> {
  const name = identity(processingQueue);
  const pool = new ProcessingPool();
  const options = {
    ...heartbeats,
    taskQueue: processingQueue,
    identity: name,
    activities: { ...createPingActivities({ identity: name, pid: process.pid }), ...createProcessActivities(pool) },
    // the threads are the limit, not the slots: `ping` and short work must never wait behind long work
    maxConcurrentActivityTaskExecutions: 16,
    // a part takes seconds and is thrown away when it is interrupted
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  } as const;
  return { options, close: () => pool.close() };
}
