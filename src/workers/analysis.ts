import { createAnalyseActivities } from '../activities/analyse.js';
import { createPingActivities } from '../activities/ping.js';
import { analysisQueue } from '../workflows/names.js';
import { heartbeats } from './common-options.js';
import { nothingToClose, type RoleWorker } from './parts.js';
import { identity, type WorkerSetting } from './setting.js';

const timeLimitSeconds = 12 * 3600;
/** Analyses at once; more wait. Slots beyond are for `ping`. */
const slots = 8;

/** Runs users' analyses in child processes. */
export async function analysisWorker({ analyses, python }: WorkerSetting): Promise<RoleWorker> {
  const name = identity(analysisQueue);
  const options = {
    ...heartbeats,
    taskQueue: analysisQueue,
    identity: name,
    activities: {
      ...createPingActivities({ identity: name, pid: process.pid }),
      ...createAnalyseActivities({ analyses, python, timeLimit: timeLimitSeconds }),
    },
    maxConcurrentActivityTaskExecutions: slots,
    shutdownGraceTime: '5s',
    shutdownForceTime: '20s',
  } as const;
  return { options, close: nothingToClose };
}
