import type { WorkerOptions } from '@temporalio/worker';
import { createPingActivities } from '../activities/ping.js';
import { daqQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { identity, type WorkerSetting } from './setting.js';

/** Drives one stand's hardware; the stand's lock, not the number of slots, keeps others away from it. */
export function daqWorker(setting: WorkerSetting): WorkerOptions {
  const name = identity(daqQueue(setting.stand));
  return {
    ...heartbeats,
    taskQueue: daqQueue(setting.stand),
    identity: name,
    activities: { ...createPingActivities({ identity: name, pid: process.pid }) },
    // the second is for `ping` while a chunk is acquired
    maxConcurrentActivityTaskExecutions: 2,
    // acquisition is told at once: it ends after the run in hand and the next attempt goes on there
    shutdownGraceTime: '0s',
    shutdownForceTime: '30s',
  };
}
