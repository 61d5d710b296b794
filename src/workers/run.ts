import { Worker, type WorkerOptions } from '@temporalio/worker';
import { connectWorker } from '../io/worker-connection.js';
import { analysisWorker } from './analysis.js';
import { daqWorker } from './daq.js';
import { processingWorker } from './processing.js';
import type { Role, WorkerSetting } from './setting.js';
import { installWorkerLog } from './worker-log.js';
import { workflowWorker } from './workflow.js';

const builders: Readonly<Record<Role, (setting: WorkerSetting) => WorkerOptions>> = {
  workflow: workflowWorker,
  daq: daqWorker,
  processing: processingWorker,
  analysis: analysisWorker,
};

export interface RunOptions {
  /** Called once, when all workers ask for work. */
  readonly onReady: (queues: readonly string[]) => void;
  readonly log: (text: string) => void;
}

/**
 * Runs workers of these roles in this process until SIGINT or SIGTERM, or until one of them fails. Rejects with
 * `ServerError` where no server answers, else with what the SDK says.
 */
export async function runWorkers(
  wanted: readonly Role[],
  setting: WorkerSetting,
  { onReady, log }: RunOptions,
): Promise<void> {
  installWorkerLog(log);
  const { connection, settings } = await connectWorker();
  try {
    const options = wanted.map((role) => builders[role](setting));
    const { namespace } = settings;
    const workers = await Promise.all(options.map((each) => Worker.create({ ...each, connection, namespace })));
    const runs = workers.map((worker) => runWithOthers(worker, workers));
    onReady(options.map((each) => each.taskQueue));
    const failed = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    await connection.close();
  }
}

/** A worker that fails takes the others of its process with it: the supervisor starts them together again. */
async function runWithOthers(worker: Worker, all: readonly Worker[]): Promise<void> {
  try {
    await worker.run();
  } catch (error) {
    for (const other of all) if (other.getState() === 'RUNNING') other.shutdown();
    throw error;
  }
}
