import { setCurrentDetails, type CancellationScope } from '@temporalio/workflow';
import { setAttributes } from '../attributes.js';
import { isTrouble, waits } from '../../domain/scan/notes.js';
import type { WellTask } from '../../domain/scan/tasks.js';
import type { Lanes } from './lanes.js';
import type { MergeAhead } from './merge-ahead.js';
import type { ProcedureProgress, ProcedureState, ScanProgress } from '../messages.js';
import { describeProgress, type ToldProgress } from '../progress.js';
import { procedureProgressSignal } from '../definitions.js';
import { tell } from '../tell.js';
import { procedureProgress, type WellControl, type WellCounts } from './well-state.js';

/** Everything a Well knows while it runs. */
export interface Well {
  /** Another one where the stand is reached otherwise meanwhile. */
  task: WellTask;
  /** The workflow's own scope: whether it is being cancelled. */
  readonly root: CancellationScope;
  readonly control: WellControl;
  readonly lanes: Lanes;
  readonly ahead: MergeAhead;
  counts: WellCounts;
  state: ProcedureState;
  /** The stand is free for the next procedure, while this one is still processed and merged. */
  standFree: boolean;
  /** Progress last told to the scan. */
  told: {
    state: ProcedureState;
    runs: number;
    quarantined: number;
    standFree: boolean;
    /** Whether the stand does not do what it is asked for. */
    trouble: boolean;
  };
}

/** A new state is shown and told at once; progress within a state only now and then, to keep the scan's history short. */
export async function enter(run: Well, state: ProcedureState): Promise<void> {
  if (run.state !== state) {
    run.state = state;
    setAttributes(run.task.context.searchAttributes, { phase: state });
  }
  await report(run);
}

export async function report(run: Well): Promise<void> {
  show(run);
  const { told, task, state, standFree } = run;
  const now = line(run);
  const runs = now.acquired + now.processed;
  const fewRuns = runs - told.runs < (2 * now.runs) / task.progressSteps;
  const fewLost = now.quarantined < Math.max(1, 2 * told.quarantined);
  const isKnown = told.state === state || isQuiet(run);
  const trouble = isTrouble(run.control.waiting);
  if (isKnown && fewRuns && fewLost && told.standFree === standFree && told.trouble === trouble) return;
  run.told = { state, runs, quarantined: now.quarantined, standFree, trouble };
  await tell(task.context.scan, procedureProgressSignal, task.release === undefined ? now : numbered(run, now));
}

/** States that the scan need not hear of: it begins with `waiting`, and gets the result of what is done. */
const quiet: ReadonlySet<ProcedureState> = new Set(['waiting', 'done']);
/** In a scan of many procedures also these: what is waited for is asked of the Well itself. */
const quietAmongMany: ReadonlySet<ProcedureState> = new Set([...quiet, 'queued', 'merging']);

function isQuiet({ task, state, control }: Well): boolean {
  if (task.release === undefined) return false;
  if (task.progressSteps > 0) return quiet.has(state);
  return quietAmongMany.has(state) && control.waiting?.kind !== 'lock';
}

/** Two signals may overtake each other: the scan keeps the later one. */
function numbered(run: Well, now: ProcedureProgress): ToldProgress {
  run.counts.told++;
  return { ...now, number: run.counts.told, ...(run.standFree ? { standFree: true } : {}) };
}

export function progress(run: Well): ScanProgress {
  return {
    phase: shownState(run),
    stand: run.task.context.stand,
    ...waits(run.control.waiting),
    notes: [],
    procedures: [line(run)],
  };
}

/** The run in hand is still to end. Wells of 2.0.0 know no such word. */
function shownState({ state, control, task }: Well): ProcedureState {
  const ends = control.aborted !== null && task.release !== undefined;
  return ends && (state === 'acquiring' || state === 'queued' || state === 'paused') ? 'aborting' : state;
}

/** The procedure's line in the answer of `progress`. */
export function line(run: Well): ProcedureProgress {
  const { task, counts, control } = run;
  const { secondsLeft, ...known } = procedureProgress(task, counts, shownState(run));
  // what waits does not come nearer to its end
  const left = secondsLeft === undefined || control.waiting !== undefined ? {} : { secondsLeft };
  return { ...known, ...left, ...waits(control.waiting) };
}

export function show(run: Well): void {
  setCurrentDetails(describeProgress(progress(run)));
}
