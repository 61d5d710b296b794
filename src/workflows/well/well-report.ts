import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { waits } from '../../domain/scan/notes.js';
import type { WellTask } from '../../domain/scan/tasks.js';
import type { Lanes } from './lanes.js';
import type { MergeAhead } from './merge-ahead.js';
import type { ProcedureProgress, ProcedureState, ScanProgress } from '../messages.js';
import { attribute, describeProgress } from '../progress.js';
import { procedureProgressSignal } from '../definitions.js';
import { tell } from '../tell.js';
import { procedureProgress, type WellControl, type WellCounts } from './well-state.js';

/** Everything a Well knows while it runs. */
export interface Well {
  readonly task: WellTask;
  readonly control: WellControl;
  readonly lanes: Lanes;
  readonly ahead: MergeAhead;
  counts: WellCounts;
  state: ProcedureState;
  /** Progress last told to the scan: state, number of runs, how many of them were left out. */
  told: { state: ProcedureState; runs: number; quarantined: number };
}

/** A new state is shown and told at once; progress within a state only now and then, to keep the scan's history short. */
export async function enter(run: Well, state: ProcedureState): Promise<void> {
  if (run.state !== state) {
    run.state = state;
    upsertSearchAttributes([attribute('phase', state)]);
  }
  await report(run);
}

export async function report(run: Well): Promise<void> {
  show(run);
  const { told, task, state } = run;
  const now = line(run);
  const runs = now.acquired + now.processed;
  const fewRuns = runs - told.runs < (2 * now.runs) / task.progressSteps;
  const fewLost = now.quarantined < Math.max(1, 2 * told.quarantined);
  if (told.state === state && fewRuns && fewLost) return;
  run.told = { state, runs, quarantined: now.quarantined };
  await tell(task.context.scan, procedureProgressSignal, now);
}

export function progress(run: Well): ScanProgress {
  return {
    phase: run.state,
    stand: run.task.context.stand,
    ...waits(run.control.waiting),
    notes: [],
    procedures: [line(run)],
  };
}

function line({ task, counts, state, control }: Well): ProcedureProgress {
  return { ...procedureProgress(task, counts, state), ...waits(control.waiting) };
}

export function show(run: Well): void {
  setCurrentDetails(describeProgress(progress(run)));
}
