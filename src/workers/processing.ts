import { availableParallelism } from 'node:os';
import type { WorkerOptions } from '@temporalio/worker';
import { createPingActivities } from '../activities/ping.js';
import { processingQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { identity } from './setting.js';

/** Raw files to tables: as many at once as there are cores, and one slot more for `ping`. */
export function processingWorker(): WorkerOptions {
  const name = identity(processingQueue);
  return {
    ...heartbeats,
    taskQueue: processingQueue,
    identity: name,
    activities: { ...createPingActivities({ identity: name, pid: process.pid }) },
    maxConcurrentActivityTaskExecutions: availableParallelism() + 1,
    // a part takes seconds and is thrown away when it is interrupted
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  };
}
