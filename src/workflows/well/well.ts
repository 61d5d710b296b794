/**
 * Room: one DAQ procedure: lease, chunks of runs, processing beside them, merge.
 * May use: domain/scan, workflows, workflows/presence.
 */

import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  ContinueAsNew,
  continueAsNew,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { keepNotes } from '../../domain/scan/notes.js';
import { notesOf } from '../../domain/scan/old-texts.js';
import type { AcquireOutcome, MergeOutcome, MergeTask, WellOutcome, WellTask } from '../../domain/scan/tasks.js';
import { processing } from '../activities.js';
import { isLong } from '../history.js';
import { Lanes } from './lanes.js';
import type { ProcedureState, WellResult } from '../messages.js';
import { isTimeToMerge, MergeAhead } from './merge-ahead.js';
import { acquiredSignal } from '../definitions.js';
import { tell } from '../tell.js';
import { installHandlers } from './well-handlers.js';
import { enter, line, report, type Well } from './well-report.js';
import { acquireChunk, giveBack, lend, pause, takeLease, waitAndSee } from './well-stand.js';
import { addChunk, carry, lookAgain, newControl, newCounts, takeCounts, type CarriedCounts } from './well-state.js';

/** A merge that goes ahead would have to begin again in the next run: it may end in this one. */
const eventsAtMost = 3900;
const lanesWide = 2;

/**
 * One DAQ procedure: lease of the stand → chunks of runs, each processed while the next is taken → stand made quiet
 * and given back → merge, which begins while the last runs are taken. Continues as new between two chunks.
 */
export async function well(task: WellTask, counts?: CarriedCounts): Promise<WellResult> {
  const control = newControl(counts);
  const run: Well = {
    task,
    root: CancellationScope.current(),
    control,
    lanes: new Lanes(lanesWide),
    ahead: new MergeAhead(),
    counts: counts === undefined ? newCounts(task.procedure) : takeCounts(counts),
    state: 'waiting',
    standFree: false,
    told: { state: 'waiting', runs: 0, quarantined: counts?.quarantined ?? 0, standFree: false, trouble: false },
  };
  installHandlers(run);
  try {
    if (counts === undefined) await prepare(run);
    await measureAndProcess(run);
    return await mergeOrAbort(run);
  } catch (error) {
    if (error instanceof ContinueAsNew) throw error; // its next run has the lease and goes on
    await CancellationScope.nonCancellable(() => endEarly(run, isCancellation(error) ? 'aborted' : 'failed'));
    throw error;
  }
}

/** What is switched on is switched off, whatever has happened. */
async function endEarly(run: Well, state: ProcedureState): Promise<void> {
  await enter(run, state);
  await giveBack(run);
  await run.ahead.finish();
  await run.lanes.settle();
}

async function prepare(run: Well): Promise<void> {
  await enter(run, 'waiting');
  const { context, procedure, calibrations, verify } = run.task;
  const prepared = await processing.prepare.executeWithOptions({ summary: `lay out ${procedure.name}` }, [
    { context, procedure, calibrations, verify },
  ]);
  run.counts = newCounts(procedure, prepared);
}

/** Until every run is on disk and processed; files found damaged in processing are measured again. */
async function measureAndProcess(run: Well): Promise<void> {
  const { counts, control } = run;
  for (let pass = 0; ; pass++) {
    await acquireAll(run);
    await enter(run, control.aborted !== null && run.task.release !== undefined ? 'aborting' : 'processing');
    await run.lanes.settle();
    if (control.aborted !== null) return;
    await run.lanes.finish();
    if (!counts.again) return;
    if (pass === 3) throw ApplicationFailure.nonRetryable('raw files are damaged again and again', 'StorageError');
    await run.ahead.finish(); // a table of parts that are made again now
    lookAgain(counts);
  }
}

async function acquireAll(run: Well): Promise<void> {
  const { counts, control, task } = run;
  if (counts.next === 0 && counts.prepared.next > 0) await passOverReused(run);
  while (counts.next < counts.prepared.runs && control.aborted === null) {
    if (control.paused !== null) await pause(run);
    else if (control.yielding) await lend(run);
    else if (!control.granted) await takeLease(run);
    else await handleChunk(run, await acquireChunk(run));
    await continueIfLong(run);
  }
  await CancellationScope.nonCancellable(() => giveBack(run));
  if (task.release === undefined) await tell(task.context.scan, acquiredSignal, task.procedure.name);
  else run.standFree = true; // told with what comes next
}

/** Runs at the beginning that are on disk already: processed at once, without waiting for the stand. */
async function passOverReused(run: Well): Promise<void> {
  const { counts } = run;
  counts.reused = counts.prepared.next;
  counts.next = counts.prepared.next;
  await processInLane(run, 0, counts.next);
}

async function handleChunk(run: Well, outcome: AcquireOutcome | undefined): Promise<void> {
  if (outcome === undefined) return; // ended before it had begun
  const { counts, ahead, task } = run;
  const from = counts.next;
  addChunk(counts, outcome);
  if (counts.next > from) await processInLane(run, from, counts.next);
  if (!ahead.begun && isTimeToMerge(task.procedure, counts)) ahead.begin(mergeTask(run));
  await report(run);
  const { end, reasons } = outcome;
  if (end === 'space' || end === 'readings') await waitAndSee(run, end, reasons.at(-1) ?? end);
}

function processInLane(run: Well, from: number, to: number): Promise<void> {
  const { task, counts } = run;
  const { context, procedure } = task;
  return run.lanes.start(async () => {
    const outcome = await processing.process.executeWithOptions(
      { summary: `${procedure.name}: runs ${from} to ${to - 1}` },
      [{ context, name: procedure.name, file: counts.prepared.file, from, to }],
    );
    counts.processed += outcome.processed + outcome.reused;
    if (outcome.damaged > 0) counts.again = true;
    counts.notes = keepNotes(counts.notes, ...notesOf(outcome));
    await report(run);
  });
}

async function mergeOrAbort(run: Well): Promise<WellResult> {
  const { task, counts, control } = run;
  if (control.aborted !== null) {
    await run.ahead.finish(); // comes to nothing, as not all runs are there
    return endAborted(run);
  }
  await enter(run, 'merging');
  const made = await run.ahead.finish();
  const merge = { summary: `merge ${task.procedure.name}` };
  const merging = (): Promise<MergeOutcome> => processing.merge.executeWithOptions(merge, [mergeTask(run)]);
  const merged = made ?? (await untilAborted(run, merging));
  if (merged === undefined) return endAborted(run);
  counts.merged = true;
  await enter(run, 'done');
  const { output, sha256, quarantined } = merged;
  return resultOf(run, { state: 'done', output, sha256, quarantined });
}

/** Work that is given up where the scan is aborted: then undefined. Wells of 2.0.0 saw it through. */
async function untilAborted<T>(run: Well, work: () => Promise<T>): Promise<T | undefined> {
  const { control, task } = run;
  if (task.release === undefined) return work();
  const scope = new CancellationScope();
  control.ending = scope;
  try {
    return await scope.run(work);
  } catch (error) {
    if (control.aborted !== null && isCancellation(error)) return undefined;
    throw error;
  } finally {
    control.ending = undefined;
  }
}

async function endAborted(run: Well): Promise<WellResult> {
  await enter(run, 'aborted');
  return resultOf(run, { state: 'aborted', output: '', sha256: null, quarantined: run.counts.quarantined });
}

function resultOf(run: Well, outcome: WellOutcome): WellResult {
  return run.task.release === undefined ? outcome : { ...outcome, progress: line(run) };
}

function mergeTask({ task, counts }: Well): MergeTask {
  const { context, procedure } = task;
  return { context, name: procedure.name, file: counts.prepared.file, workflowId: workflowInfo().workflowId };
}

async function continueIfLong(run: Well): Promise<void> {
  if (!isLong(run.ahead.begun ? eventsAtMost : undefined)) return;
  await run.ahead.finish();
  if (!(await run.lanes.settle())) run.counts.again = true; // its error comes again when all is looked at in the end
  await condition(allHandlersFinished);
  const { paused, yielding, aborted } = run.control;
  if (aborted !== null) return; // came meanwhile
  await continueAsNew<typeof well>(run.task, { ...carry(run.counts), paused, yielding });
}
