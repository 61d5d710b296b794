import { ApplicationFailure, rootCause } from '@temporalio/common';
import { allHandlersFinished, condition, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import type { ProcedureEnd } from '../../domain/scan/scan-end.js';
import type { CloseTask, FileReference, ScanContext } from '../../domain/scan/tasks.js';
import { configuration, reporting } from '../activities.js';
import { setAttributes } from '../attributes.js';
import type { ScanResult } from '../messages.js';
import { tellPeople } from '../tell.js';
import { endEntry } from './end-entry.js';
import { enterStage } from './show.js';
import { calibrationsOf, isOver, isOwnCancellation, resultOf, type Yard, type YardEntry } from './yard.js';

type State = ScanResult['state'];

/** Calibrations, report, result; throws where a procedure failed. */
export async function closeScan(yard: Yard, context: ScanContext): Promise<ScanResult> {
  const failed = yard.entries.filter((entry) => entry.progress.state === 'failed');
  const state = stateOf(yard, failed.length > 0);
  const message = failed.map(({ procedure, failure }) => `${procedure.name}: ${failure ?? ''}`).join('\n');
  enterStage(yard, 'closing');
  setAttributes(yard.known, { verdict: verdictOf(yard) });
  if (yard.lost !== undefined) throw ApplicationFailure.nonRetryable(yard.lost, 'ConfigError');
  const fullCalibration = await setFree(yard, {
    ...{ context, state, calibrations: calibrationsOf(yard) },
    ...(yard.newer ? { procedures: yard.entries.map(endOf) } : {}),
  });
  await writeReport(yard, context);
  enterStage(yard, state);
  await tellOfEnd(yard, state, message || `${yard.entries.length} procedures: ${context.output}`);
  const result = { state, procedures: yard.entries.map(resultOf), fullCalibration } as const;
  if (state === 'failed')
    throw ApplicationFailure.create({ message, type: 'ScanFailed', nonRetryable: true, details: [result] });
  return result;
}

/** Of its analyses; undefined where none has judged. */
function verdictOf({ entries }: Yard): string | undefined {
  const verdicts = entries.flatMap(({ outcome }) =>
    outcome !== undefined && 'accepted' in outcome ? [outcome.accepted] : [],
  );
  if (verdicts.length === 0) return undefined;
  return verdicts.every(Boolean) ? 'accepted' : 'rejected';
}

/** As the folder keeps it. */
function endOf({ procedure, progress, failure, outcome }: YardEntry): ProcedureEnd {
  const { state, runs, acquired, quarantined } = progress;
  const answer = outcome !== undefined && 'answer' in outcome ? outcome.answer : undefined;
  return {
    ...{ name: procedure.name, type: procedure.type, state, runs, acquired, quarantined },
    ...(failure === undefined ? {} : { failure }),
    ...(answer === undefined ? {} : { answer }),
  };
}

/** A procedure may be aborted without its scan: whoever cancelled it meant it alone. */
function stateOf({ newer, aborted, entries }: Yard, anyFailed: boolean): State {
  if (aborted !== null) return 'aborted';
  if (anyFailed) return 'failed';
  return newer && entries.some(({ progress }) => progress.state === 'aborted') ? 'aborted' : 'done';
}

function setFree(yard: Yard, task: CloseTask): Promise<FileReference | null> {
  yard.keeping?.cancel();
  return configuration.closeScan.executeWithOptions({ summary: 'give the output folder free' }, [task]);
}

/** A scan that is cancelled has no time for it. */
async function writeReport(yard: Yard, context: ScanContext): Promise<void> {
  try {
    const summary = 'write report.html';
    await yard.root.run(() => reporting.report.executeWithOptions({ summary }, [{ context }]));
  } catch (error) {
    if (!yard.newer && isCancellation(error)) throw error;
    log.warn('there is no report', { error });
  }
}

/** Where the scan itself failed or was cancelled: gives the output folder free and tells people. */
export async function closeAfterFailure(yard: Yard, error: unknown): Promise<void> {
  if (error instanceof ApplicationFailure && error.type === 'ScanFailed') return; // closed already
  const state = isOwnCancellation(yard, error) ? 'aborted' : 'failed';
  const hasTried = yard.stage === 'closing';
  if (yard.newer) endAll(yard, state);
  enterStage(yard, state);
  const message = rootCause(error) ?? String(error);
  const { context } = yard;
  // what kept the folder from being given free once, most likely a calibration, must not do so again
  const calibrations = yard.newer && hasTried ? [] : calibrationsOf(yard);
  const procedures = yard.newer ? { procedures: yard.entries.map(endOf) } : {};
  if (context !== undefined) await setFreeAtLast(yard, { context, state, calibrations, ...procedures });
  await tellOfEnd(yard, state, message);
}

/** Nothing waits any more of what has not begun, or was cut short. */
function endAll(yard: Yard, state: 'aborted' | 'failed'): void {
  const left = yard.entries.filter(({ progress }) => !isOver(progress.state));
  for (const entry of left)
    endEntry(yard, entry, 'aborted', state === 'aborted' ? 'the scan was cancelled' : 'the scan failed');
}

/** People are told why the scan failed also where its folder cannot be given free: its workflow's end does that too. */
async function setFreeAtLast(yard: Yard, task: CloseTask): Promise<void> {
  try {
    await setFree(yard, task);
  } catch (error) {
    if (!yard.newer) throw error;
    log.warn('the output folder could not be closed', { error });
  }
}

/** The last that people hear of a scan. */
async function tellOfEnd(yard: Yard, event: State, message: string): Promise<void> {
  await tellPeople({ event, scan: workflowInfo().workflowId, stand: yard.stand, message });
  await condition(allHandlersFinished);
}
