import { ApplicationFailure, rootCause } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  isCancellation,
  log,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { ScanContext } from '../../domain/scan/tasks.js';
import { configuration, reporting } from '../activities.js';
import type { ScanResult } from '../messages.js';
import { attribute } from '../progress.js';
import { tellPeople } from '../tell.js';
import { calibrationsOf, resultOf, type Yard } from './yard.js';
import { show } from './yard-handlers.js';

/** Calibrations, report, result; throws where a procedure failed. */
export async function closeScan(yard: Yard, context: ScanContext): Promise<ScanResult> {
  const failed = yard.entries.filter((entry) => entry.progress.state === 'failed');
  const state = yard.aborted !== null ? 'aborted' : failed.length > 0 ? 'failed' : 'done';
  const message = failed.map(({ procedure, failure }) => `${procedure.name}: ${failure ?? ''}`).join('\n');
  yard.stage = 'closing';
  show(yard);
  const calibrations = calibrationsOf(yard);
  const fullCalibration = await configuration.closeScan({ context, state, calibrations });
  await writeReport(context);
  yard.stage = state;
  upsertSearchAttributes([attribute('phase', state)]);
  show(yard);
  await tellOfEnd(yard, state, message || `${yard.entries.length} procedures: ${context.output}`);
  const result = { state, procedures: yard.entries.map(resultOf), fullCalibration } as const;
  if (state === 'failed')
    throw ApplicationFailure.create({ message, type: 'ScanFailed', nonRetryable: true, details: [result] });
  return result;
}

async function writeReport(context: ScanContext): Promise<void> {
  try {
    await reporting.report.executeWithOptions({ summary: 'write report.html' }, [{ context }]);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('there is no report', { error });
  }
}

/** Where the scan itself failed or was cancelled: gives the output folder free and tells people. */
export async function closeAfterFailure(yard: Yard, error: unknown): Promise<void> {
  const state = isCancellation(error) ? 'aborted' : 'failed';
  if (error instanceof ApplicationFailure && error.type === 'ScanFailed') return; // closed already
  yard.stage = state;
  upsertSearchAttributes([attribute('phase', state)]);
  const message = rootCause(error) ?? String(error);
  const { context } = yard;
  if (context !== undefined) {
    await configuration.closeScan({ context, state, calibrations: calibrationsOf(yard) });
  }
  await tellOfEnd(yard, state, message);
}

/** The last that people hear of a scan. */
async function tellOfEnd(yard: Yard, event: 'done' | 'failed' | 'aborted', message: string): Promise<void> {
  await tellPeople({ event, scan: workflowInfo().workflowId, stand: yard.stand, message });
  await condition(allHandlersFinished);
}
