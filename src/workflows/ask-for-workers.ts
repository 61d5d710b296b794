import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { OpenedProcedure } from '../domain/scan/tasks.js';
import { ping } from './activities.js';
import { analysisQueue, daqQueue, processingQueue } from './names.js';

/** A scan must not hang in silence: a missing worker is named with the command that starts it. */
export async function askForWorkers(stand: string, procedures: readonly OpenedProcedure[]): Promise<void> {
  const has = (type: OpenedProcedure['type']): boolean => procedures.some((procedure) => procedure.type === type);
  const needed = [
    ...(has('daq') ? [{ queue: daqQueue(stand), start: `daq --stand ${stand}` }] : []),
    { queue: processingQueue, start: 'processing' },
    ...(has('analysis') ? [{ queue: analysisQueue, start: 'analysis' }] : []),
  ];
  const missing = await Promise.all(needed.map(async (worker) => ((await isThere(worker.queue)) ? [] : [worker])));
  const absent = missing.flat();
  if (absent.length === 0) return;
  const text = absent.map(
    ({ queue, start }) => `no worker on queue ${queue}: start one with 'datenraffinerie worker ${start}'`,
  );
  throw ApplicationFailure.nonRetryable(text.join('\n'), 'ServerError');
}

async function isThere(queue: string): Promise<boolean> {
  try {
    await ping(queue);
    return true;
  } catch (error) {
    if (error instanceof ActivityFailure && error.cause instanceof TimeoutFailure) return false;
    throw error;
  }
}
