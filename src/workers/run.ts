/**
 * Room: one file for each role of a worker: the only place where real dependencies are put together.
 * May use: activities, activities/opening, domain, domain/daq, domain/scan, io, io/configuration, io/process,
 * io/processes, io/stand, io/stand/locks, io/temporal, workflows.
 */

import { Worker, type WorkerOptions } from '@temporalio/worker';
import { connectClient } from '../io/temporal/connection.js';
import { connectWorker } from '../io/temporal/worker-connection.js';
import { analysisWorker } from './analysis.js';
import { daqWorker } from './daq.js';
import type { RoleWorker, WorkerParts } from './parts.js';
import { processingWorker } from './processing.js';
import type { Role, WorkerSetting } from './setting.js';
import { installWorkerLog } from './worker-log.js';
import { workflowWorker } from './workflow.js';

const builders: Readonly<Record<Role, (setting: WorkerSetting, parts: WorkerParts) => Promise<RoleWorker>>> = {
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
    const { client, connection: clientConnection, close } = await connectClient();
    try {
      const parts = { client, connection: clientConnection, log };
      const built = await Promise.all(wanted.map((role) => builders[role](setting, parts)));
      await runBuilt(built, { connection, namespace: settings.namespace }, onReady);
    } finally {
      await close();
    }
  } finally {
    await connection.close(); // open, it would keep the process alive
  }
}

async function runBuilt(
  built: readonly RoleWorker[],
  server: Pick<WorkerOptions, 'connection' | 'namespace'>,
  onReady: RunOptions['onReady'],
): Promise<void> {
  const workers = await Promise.all(built.map(({ options }) => Worker.create({ ...options, ...server })));
  const runs = workers.map((worker) => runWithOthers(worker, workers));
  onReady(built.map(({ options }) => options.taskQueue));
  const failed = (await Promise.allSettled(runs)).find((result) => result.status === 'rejected');
  await Promise.all(built.map((each) => each.close()));
  if (failed !== undefined) throw failed.reason;
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
