/**
 * Room: a scan: opened, its procedures started in order, closed.
 * May use: domain/scan, workflows, workflows/well.
 */

import { rootCause } from '@temporalio/common';
import {
  CancellationScope,
  condition,
  isCancellation,
  startChild,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { keepNotes, noted } from '../../domain/scan/notes.js';
import { usualStand, type ScanInput } from '../../domain/scan/scan-input.js';
import type { DistilleryTask, OpenedDaq, OpenedProcedure, ScanContext, WellTask } from '../../domain/scan/tasks.js';
import { configuration } from '../activities.js';
import { askForWorkers } from '../ask-for-workers.js';
import { closeAfterFailure, closeScan } from './close-scan.js';
import { distillery } from '../distillery.js';
import type { ProcedureState, ScanResult } from '../messages.js';
import { analysisWorkflowId, daqWorkflowId } from '../names.js';
import { attribute } from '../progress.js';
import { checkScanInput } from './scan-input.js';
import { abortSignal, pauseSignal } from '../definitions.js';
import { tell } from '../tell.js';
import { well } from '../well/well.js';
import { calibrationsOf, hindrance, inputsOf, isReady, newEntry, type Yard, type YardEntry } from './yard.js';
import { installHandlers, show } from './yard-handlers.js';

const defaultPriority = 3;

/**
 * A scan: reads and validates the configuration, asks whether all workers are there, starts a child per procedure
 * (dependencies first, in the declared order), hands on signals, collects calibrations, closes.
 */
export async function valveYard(input: ScanInput): Promise<ScanResult> {
  checkScanInput(input);
  const yard: Yard = {
    stand: input.stand ?? usualStand,
    context: undefined,
    entries: [],
    warnings: [],
    paused: null,
    aborted: null,
    standThere: true,
    stage: 'opening',
  };
  installHandlers(yard);
  upsertSearchAttributes([attribute('phase', 'opening'), attribute('output', input.output)]);
  try {
    const context = await open(yard, input);
    yard.stage = 'running';
    // a cancelled scan gives its folder free only when all its children have ended
    const ends = await Promise.allSettled(yard.entries.map((entry) => runProcedure(yard, entry, context, input)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    return await closeScan(yard, context);
  } catch (error) {
    await CancellationScope.nonCancellable(() => closeAfterFailure(yard, error));
    throw error;
  }
}

async function open(yard: Yard, input: ScanInput): Promise<ScanContext> {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const opened = await configuration.openScan.executeWithOptions({ summary: 'read and check the configuration' }, [
    { input, scan: workflowId, firstRunId: firstExecutionRunId },
  ]);
  Object.assign(yard, {
    stand: opened.context.stand,
    context: opened.context,
    entries: opened.procedures.map(newEntry),
    warnings: opened.warnings,
  });
  upsertSearchAttributes([attribute('stand', opened.context.stand), attribute('phase', 'running')]);
  yard.standThere = await askForWorkers(opened.context, opened.procedures);
  show(yard);
  return opened.context;
}

/** Waits for its turn, runs the child, keeps its outcome; a failure is kept too, so that independent ones go on. */
async function runProcedure(yard: Yard, entry: YardEntry, context: ScanContext, input: ScanInput): Promise<void> {
  await condition(() => yard.aborted !== null || hindrance(yard, entry) !== undefined || isReady(yard, entry));
  const hindered = yard.aborted === null ? hindrance(yard, entry) : 'the scan was aborted';
  if (hindered !== undefined) return end(yard, entry, yard.aborted === null ? 'failed' : 'aborted', hindered);
  const { procedure } = entry;
  try {
    if (procedure.type === 'daq') await runWell(yard, entry, wellTask(yard, procedure, context, input));
    else await runDistillery(yard, entry, { context, procedure, inputs: inputsOf(yard, entry) });
  } catch (error) {
    if (isCancellation(error)) throw error;
    end(yard, entry, 'failed', rootCause(error) ?? String(error));
  }
}

function wellTask(yard: Yard, procedure: OpenedDaq, context: ScanContext, input: ScanInput): WellTask {
  return {
    context,
    procedure,
    calibrations: calibrationsOf(yard, procedure.calibrations).map(({ file }) => file),
    priority: input.priority ?? defaultPriority,
    urgent: input.urgent ?? false,
    scanStarted: workflowInfo().startTime.getTime(),
    standThere: yard.standThere,
    verify: input.verify ?? false,
    // the scan's own history must stay short: about 600 reports over all procedures, 4 events each
    progressSteps: Math.max(4, Math.floor(600 / yard.entries.length)),
  };
}

async function runWell(yard: Yard, entry: YardEntry, task: WellTask): Promise<void> {
  const { context, procedure } = task;
  const options = childOptions(daqWorkflowId(workflowInfo().workflowId, procedure.name), context, procedure);
  const child = await startChild(well, { ...options, args: [task] });
  await catchUp(yard, options.workflowId);
  const outcome = await child.result();
  entry.outcome = outcome;
  if (outcome.state === 'aborted') end(yard, entry, 'aborted', 'aborted');
  else end(yard, entry, 'done');
}

async function runDistillery(yard: Yard, entry: YardEntry, task: DistilleryTask): Promise<void> {
  const { context, procedure } = task;
  const options = childOptions(analysisWorkflowId(workflowInfo().workflowId, procedure.name), context, procedure);
  const child = await startChild(distillery, { ...options, args: [task] });
  if (yard.aborted !== null) await tell(options.workflowId, abortSignal, yard.aborted);
  const outcome = await child.result();
  entry.outcome = outcome;
  end(yard, entry, 'done');
  if (procedure.providesCalibration && !outcome.accepted)
    entry.failure = `its calibration was rejected: ${outcome.reason}`;
}

function childOptions(workflowId: string, context: ScanContext, procedure: OpenedProcedure) {
  return {
    workflowId,
    // a terminated scan leaves its Wells the time to make the stand quiet
    parentClosePolicy: 'REQUEST_CANCEL' as const,
    workflowTaskTimeout: '5 seconds' as const,
    staticSummary: `${procedure.name} (${procedure.type}${procedure.type === 'daq' ? `, ${procedure.runs} runs` : ''})`,
    typedSearchAttributes: [
      attribute('procedure', procedure.name),
      attribute('stand', context.stand),
      attribute('output', context.output),
      attribute('phase', 'waiting'),
    ],
  };
}

function end(yard: Yard, entry: YardEntry, state: ProcedureState, failure?: string): void {
  const { waiting: _, waitingFor: __, secondsLeft: ___, ...progress } = entry.progress;
  const why = { kind: state === 'failed' ? 'failure' : 'aborted', text: failure ?? '' } as const;
  const notes = failure === undefined ? progress.notes : keepNotes([why], ...progress.notes);
  entry.progress = { ...progress, state, ...noted(notes) };
  entry.acquired = true;
  if (failure !== undefined) entry.failure = failure;
  show(yard);
}

/** A child that starts while signals come in must hear of them. */
async function catchUp(yard: Yard, workflowId: string): Promise<void> {
  if (yard.paused !== null) await tell(workflowId, pauseSignal, yard.paused);
  if (yard.aborted !== null) await tell(workflowId, abortSignal, yard.aborted);
}
