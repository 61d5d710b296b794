import { CancelledFailure, rootCause, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  isCancellation,
  startChild,
  workflowInfo,
  type ChildWorkflowHandle,
  type ChildWorkflowOptions,
} from '@temporalio/workflow';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { OpenedAnalysis, OpenedDaq, ScanContext } from '../../domain/scan/tasks.js';
import { attributePairs } from '../attributes.js';
import { distillery } from '../distillery.js';
import type { DistilleryResult, WellResult } from '../messages.js';
import { workflowTaskTimeout } from '../names.js';
import { takeProgress } from '../progress.js';
import { well } from '../well/well.js';
import { endEntry } from './end-entry.js';
import { startWhenFree } from './start-when-free.js';
import { catchUp, childId } from './hand-on.js';
import { manyProcedures } from './show.js';
import {
  calibrationsOf,
  hindrance,
  inputsOf,
  isCancelled,
  isOwnCancellation,
  type Yard,
  type YardEntry,
} from './yard.js';

/** A scan that has been opened. */
export interface Scan {
  readonly yard: Yard;
  readonly context: ScanContext;
  readonly input: ScanInput;
}

const defaultPriority = 3;

/** Runs the child, keeps its outcome; a failure is kept too, so that independent ones go on. */
export async function runProcedure(scan: Scan, entry: YardEntry): Promise<void> {
  const { yard } = scan;
  if (yard.aborted !== null) return endEntry(yard, entry, 'aborted', 'the scan was aborted');
  const broken = hindrance(entry);
  if (broken !== undefined) {
    const state = yard.newer && broken.progress.state === 'aborted' ? 'aborted' : 'failed';
    return endEntry(yard, entry, state, `needs ${broken.procedure.name}: ${broken.failure}`);
  }
  const { procedure } = entry;
  entry.begun = true;
  try {
    if (procedure.type === 'daq') await runWell(scan, entry, procedure);
    else await runDistillery(scan, entry, procedure);
  } catch (error) {
    if (isOwnCancellation(yard, error)) throw error;
    // whatever became of it: a worker that died over it fails it, where it would else be tried again
    if (yard.newer && isCancelled(yard)) throw new CancelledFailure('the scan was cancelled');
    if (isCancellation(error)) endEntry(yard, entry, 'aborted', 'its workflow was cancelled');
    else endEntry(yard, entry, 'failed', reasonOf(entry, error));
  }
}

function reasonOf(entry: YardEntry, error: unknown): string {
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return `a workflow of another scan has its id, ${childId(entry)}, and still runs`;
  return rootCause(error) ?? String(error);
}

async function runWell(scan: Scan, entry: YardEntry, procedure: OpenedDaq): Promise<void> {
  const { yard, input } = scan;
  const many = yard.entries.length > manyProcedures;
  const task = {
    procedure,
    calibrations: calibrationsOf(yard, procedure.calibrations).map(({ file }) => file),
    priority: input.priority ?? defaultPriority,
    urgent: input.urgent ?? false,
    scanStarted: workflowInfo().startTime.getTime(),
    standThere: yard.standThere,
    verify: input.verify ?? false,
    // the scan's own history must stay short: about 600 reports over all procedures, 4 events each
    progressSteps: yard.newer && many ? 0 : Math.max(4, Math.floor(600 / yard.entries.length)),
    ...released(yard),
  };
  const start = () => startChild(well, { ...childOptions(scan, entry), args: [{ context: contextOf(scan), ...task }] });
  const child = await startWhenFree(yard, entry, start);
  const { progress, ...outcome } = await follow<WellResult>(yard, entry, child);
  if (progress !== undefined) entry.progress = takeProgress(progress);
  entry.outcome = outcome;
  if (outcome.state === 'aborted') endEntry(yard, entry, 'aborted', 'aborted');
  else endEntry(yard, entry, 'done');
}

async function runDistillery(scan: Scan, entry: YardEntry, procedure: OpenedAnalysis): Promise<void> {
  const { yard, context } = scan;
  const task = { context, procedure, inputs: inputsOf(yard, entry), ...released(yard) };
  const start = () => startChild(distillery, { ...childOptions(scan, entry), args: [task] });
  const child = await startWhenFree(yard, entry, start);
  const { progress, aborted, ...outcome } = await follow<DistilleryResult>(yard, entry, child);
  if (progress !== undefined) entry.progress = takeProgress(progress);
  if (aborted === true) return endEntry(yard, entry, 'aborted', outcome.reason);
  entry.outcome = outcome;
  endEntry(yard, entry, 'done');
  if (procedure.providesCalibration && !outcome.accepted)
    entry.failure = `its calibration was rejected: ${outcome.reason}`;
}

/** As it is now: its network file may have been replaced since the scan began. */
function contextOf({ yard, context }: Scan): ScanContext {
  return yard.context ?? context;
}

/** A child asks nobody which release it is of: it is its scan's. */
function released({ newer }: Yard): { readonly release?: '2.1' } {
  return newer ? { release: '2.1' } : {};
}

async function follow<T>(
  yard: Yard,
  entry: YardEntry,
  child: Pick<ChildWorkflowHandle<() => Promise<T>>, 'result'>,
): Promise<T> {
  await catchUp(yard, entry);
  try {
    return (await child.result()) as T;
  } finally {
    entry.ended = true;
  }
}

function childOptions({ context, input }: Scan, entry: YardEntry) {
  const { procedure } = entry;
  const { priority } = input;
  return {
    workflowId: childId(entry),
    // a terminated scan leaves its Wells the time to make the stand quiet
    parentClosePolicy: 'REQUEST_CANCEL',
    workflowTaskTimeout,
    staticSummary: `${procedure.name} (${procedure.type}${procedure.type === 'daq' ? `, ${procedure.runs} runs` : ''})`,
    staticDetails: detailsOf(context, entry),
    ...(priority === undefined ? {} : { priority: { priorityKey: priority } }),
    typedSearchAttributes: attributePairs(context.searchAttributes, {
      ...{ procedure: procedure.name, stand: context.stand, output: context.output, phase: 'waiting' },
      ...{ board: context.board, operator: context.operator },
    }),
  } satisfies ChildWorkflowOptions;
}

/** What the Web UI tells of a child: Markdown. */
function detailsOf({ scan, stand, output }: ScanContext, { procedure }: YardEntry): string {
  const needs = [...new Set([...procedure.dependsOn, ...procedure.calibrations])];
  return [
    `Procedure \`${procedure.name}\` of the scan \`${scan}\` on stand \`${stand}\``,
    `- results in \`${output}\``,
    `- configuration in \`${procedure.file.path}\``,
    ...(needs.length > 0 ? [`- needs ${needs.map((name) => `\`${name}\``).join(', ')}`] : []),
    `- \`datenraffinerie status ${scan}\` tells how far it is`,
  ].join('\n');
}
