import { fileURLToPath } from 'node:url';
import type { WorkerOptions } from '@temporalio/worker';
import { createPingActivities } from '../activities/ping.js';
import { workflowQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { identity } from './setting.js';

/** Made by the build beside the compiled code, so that every worker runs the same bundle. */
const bundle = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));

/** Runs the workflows, and the light activities: reading configurations, watching a lease's holder. */
export function workflowWorker(): WorkerOptions {
  const name = identity('workflow');
  return {
    ...heartbeats,
    taskQueue: workflowQueue,
    identity: name,
    workflowBundle: { codePath: bundle },
    activities: { ...createPingActivities({ identity: name, pid: process.pid }) },
    maxCachedWorkflows: 200,
    maxConcurrentActivityTaskExecutions: 20,
    // a task that waits for a dead worker's cache goes to any other after this time
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '15s',
  };
}
