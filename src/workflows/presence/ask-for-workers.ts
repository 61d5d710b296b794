import { ActivityFailure, ApplicationFailure, TimeoutFailure } from '@temporalio/common';
import type { OpenedProcedure, ScanContext } from '../../domain/scan/tasks.js';
import { ping, processing } from '../activities.js';
import { analysisQueue, daqQueue, processingQueue } from '../names.js';

export interface Role {
  readonly queue: string;
  /** How a worker for it is started. */
  readonly start: string;
}

export function standRole(stand: string): Role {
  return { queue: daqQueue(stand), start: `daq --stand ${stand}` };
}

/**
 * As 2.0.0 did: a scan must not hang in silence: a missing worker is named with the command that starts it.
 * @returns whether somebody drives the stand; it need not be there where all runs may be on disk
 */
export async function askForWorkers(context: ScanContext, procedures: readonly OpenedProcedure[]): Promise<boolean> {
  const absent = await findAbsent(neededRoles(context, procedures));
  if (absent.length === 0) return true;
  if (!(await isMissingAlone(absent, context, procedures))) throw missing(absent);
  return false;
}

export function neededRoles(context: ScanContext, procedures: readonly OpenedProcedure[]): Role[] {
  const measures = procedures.some(({ type }) => type === 'daq');
  const analyses = procedures.some(({ type }) => type === 'analysis');
  const needed = [{ queue: processingQueue, start: 'processing' }];
  if (analyses) needed.push({ queue: analysisQueue, start: 'analysis' });
  if (measures) needed.push(standRole(context.stand));
  return needed;
}

/** Whether only the stand's worker is missing, and may not be needed. */
export async function isMissingAlone(
  absent: readonly Role[],
  context: ScanContext,
  procedures: readonly OpenedProcedure[],
): Promise<boolean> {
  const standAlone = absent.length === 1 && absent[0].queue === daqQueue(context.stand);
  return standAlone && (await mayBeOnDisk(context, procedures));
}

/** Asks again for the worker of a stand that was not there, now that it is needed. */
export async function askForStand(stand: string): Promise<void> {
  const absent = await findAbsent([standRole(stand)]);
  if (absent.length > 0) throw missing(absent);
}

/** False where runs are surely to be measured. What depends on a calibration is not known yet. */
async function mayBeOnDisk(context: ScanContext, procedures: readonly OpenedProcedure[]): Promise<boolean> {
  for (const procedure of procedures) {
    if (procedure.type !== 'daq' || procedure.calibrations.length > 0) continue;
    const { next, runs } = await processing.prepare({ context, procedure, calibrations: [] });
    if (next < runs) return false;
  }
  return true;
}

function missing(absent: readonly Role[]): ApplicationFailure {
  const text = absent.map(
    ({ queue, start }) => `no worker on queue ${queue}: start one with 'datenraffinerie worker ${start}'`,
  );
  return ApplicationFailure.nonRetryable(text.join('\n'), 'ServerError');
}

async function findAbsent(roles: readonly Role[]): Promise<Role[]> {
  const there = await Promise.all(roles.map(({ queue }) => isThere(queue)));
  return roles.filter((_, i) => !there[i]);
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
