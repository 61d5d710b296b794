import { availableParallelism } from 'node:os';
import type { WorkerOptions } from '@temporalio/worker';
import { createPingActivities } from '../activities/ping.js';
import { analysisQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { identity } from './setting.js';

/** Runs users' analyses in child processes: half as many at once as there are cores, and one slot more for `ping`. */
export function analysisWorker(): WorkerOptions {
  const name = identity(analysisQueue);
  return {
    ...heartbeats,
    taskQueue: analysisQueue,
    identity: name,
    activities: { ...createPingActivities({ identity: name, pid: process.pid }) },
    maxConcurrentActivityTaskExecutions: Math.max(1, Math.floor(availableParallelism() / 2)) + 1,
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  };
}
