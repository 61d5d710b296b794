import { createConfigurationActivities } from '../activities/configuration.js';
import { createNotifyActivities } from '../activities/notify.js';
import { createPingActivities } from '../activities/ping.js';
import { createStandActivities } from '../activities/stand.js';
import { compiledProgram } from '../io/compiled.js';
import { messages, standWorkflow, standWorkflowId, workflowQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { nothingToClose, type RoleWorker, type WorkerParts } from './parts.js';
import { identity, type WorkerSetting } from './setting.js';

/** Made by the build beside the compiled code, so that every worker runs the same bundle. */
const bundle = 'workflow-bundle.js';

const standNames = {
  workflowType: standWorkflow,
  queue: workflowQueue,
  requestSignal: messages.requestLease,
  workflowId: standWorkflowId,
};

/** Runs the workflows, and the light activities: reading configurations, watching a lease's holder. */
export async function workflowWorker({ notify }: WorkerSetting, { client }: WorkerParts): Promise<RoleWorker> {
  const name = identity('workflow');
  const options = {
    ...heartbeats,
    taskQueue: workflowQueue,
    identity: name,
    workflowBundle: { codePath: compiledProgram(bundle) },
    activities: {
      ...createPingActivities({ identity: name, pid: process.pid }),
      ...createConfigurationActivities(client),
      ...createStandActivities(client, standNames),
      ...createNotifyActivities(notify),
    },
    maxCachedWorkflows: 200,
    // a watcher takes a slot for as long as a stand is in use
    maxConcurrentActivityTaskExecutions: 200,
    // a task that waits for a dead worker's cache goes to any other after this time
    stickyQueueScheduleToStartTimeout: '2s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '15s',
  } as const;
  return { options, close: nothingToClose };
}
