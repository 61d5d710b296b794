import { createConfigurationActivities } from '../activities/configuration.js';
import { createFolderServer } from '../activities/opening/folder-server.js';
import { createNotifyActivities } from '../activities/notify.js';
import { createPingActivities } from '../activities/ping.js';
import { createPollerActivities } from '../activities/pollers.js';
import { createSearchAttributeActivities } from '../activities/search-attributes.js';
import { createStandActivities } from '../activities/stand.js';
import { compiledProgram } from '../io/compiled.js';
import { childIds, standNames, workflowQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { nothingToClose, type RoleWorker, type WorkerParts } from './parts.js';
import { welcomeRelease } from './releases.js';
import { identity, type WorkerSetting } from './setting.js';

/** Made by the build beside the compiled code, so that every worker runs the same bundle. */
const bundle = 'workflow-bundle.js';

/** Runs the workflows, and the light activities: reading configurations, watching a lease's holder. */
export async function workflowWorker(
  { notify }: WorkerSetting,
  { client, connection, log }: WorkerParts,
): Promise<RoleWorker> {
  const name = identity('workflow');
  await welcomeRelease(client, log);
  const options = {
    ...heartbeats,
    taskQueue: workflowQueue,
    identity: name,
    workflowBundle: { codePath: compiledProgram(bundle) },
    activities: {
      ...createPingActivities({ identity: name, pid: process.pid }),
      ...createConfigurationActivities(createFolderServer(client, childIds)),
      ...createPollerActivities(client),
      ...createSearchAttributeActivities(connection, client.options.namespace),
      ...createStandActivities(client, standNames),
      ...createNotifyActivities(notify),
    },
    maxCachedWorkflows: 200,
    // a watcher takes a slot for as long as a stand is in use
    maxConcurrentActivityTaskExecutions: 1000,
    // a task that waits for a dead worker's cache goes to any other after this time
    stickyQueueScheduleToStartTimeout: '5s',
    shutdownGraceTime: '2s',
    shutdownForceTime: '15s',
  } as const;
  return { options, close: nothingToClose };
}
