import type { CancellationScope } from '@temporalio/workflow';
import { keepNotes, noted, type Note, type Waiting, type WaitingKind } from '../../domain/scan/notes.js';
import { notesOf, type Told } from '../../domain/scan/old-texts.js';
import type { AcquireOutcome, OpenedDaq, PreparedProcedure, WellTask } from '../../domain/scan/tasks.js';
import type { AbortRequest, PauseRequest, ProcedureProgress, ProcedureState } from '../messages.js';
import { noCounts, noProgress } from '../progress.js';

/** What a Well carries over continue-as-new: counts, never lists that grow. */
export interface WellCounts {
  prepared: PreparedProcedure;
  /** First run the next chunk looks at. */
  next: number;
  acquired: number;
  processed: number;
  reused: number;
  failed: number;
  quarantined: number;
  shortRuns: number;
  merged: boolean;
  notes: readonly Note[];
  secondsPerRun: number;
  chunkSeconds: number;
  /** Processing failed or found damaged files: all runs are looked at again in the end. */
  again: boolean;
  leased: boolean;
  /** How often in a row it had to wait for something outside. */
  waits: number;
  paused: PauseRequest | null;
  /** Another scan is urgent, and the stand is not given back yet. */
  yielding: boolean;
  /** How often the stand was asked for. */
  asked: number;
  /** How often the scan was told of progress. */
  told: number;
}

/** The counts as the workflow's next run gets them, from a run of whatever version. */
export type CarriedCounts = Omit<WellCounts, 'notes' | 'asked' | 'told'> &
  Partial<Pick<WellCounts, 'asked' | 'told'>> &
  Told;

/** What signals have said, and the chunk that they may have to end. */
export interface WellControl {
  paused: PauseRequest | null;
  aborted: AbortRequest | null;
  yielding: boolean;
  granted: boolean;
  /** A request that is neither granted nor refused yet. */
  asking: boolean;
  refused: string | undefined;
  waiting: Waiting | undefined;
  resumed: number;
  /** When the last news of the stand were said, in ms since 1970. */
  newsAt: number;
  chunk: CancellationScope | undefined;
  /** Work at the end that an abort gives up. */
  ending: CancellationScope | undefined;
}

export function newControl(counts: CarriedCounts | undefined): WellControl {
  return {
    paused: counts?.paused ?? null,
    aborted: null,
    yielding: counts?.yielding ?? false,
    granted: counts?.leased ?? false,
    asking: false,
    refused: undefined,
    waiting: undefined,
    resumed: 0,
    newsAt: 0,
    chunk: undefined,
    ending: undefined,
  };
}

/** @param prepared undefined before it is known what is on disk */
export function newCounts({ file, runs }: OpenedDaq, prepared?: PreparedProcedure): WellCounts {
  return {
    prepared: prepared ?? { file, runs, reused: 0, next: 0, reasons: [] },
    next: 0,
    ...noCounts,
    notes: prepared === undefined ? [] : keepNotes(notesOf(prepared)),
    secondsPerRun: 0,
    chunkSeconds: 5,
    again: false,
    leased: false,
    waits: 0,
    paused: null,
    yielding: false,
    asked: 0,
    told: 0,
  };
}

export function carry(counts: WellCounts): CarriedCounts {
  return { ...counts, ...noted(counts.notes) };
}

export function takeCounts(carried: CarriedCounts): WellCounts {
  return { asked: 0, told: 0, ...carried, notes: notesOf(carried) };
}

/** Says what is waited for; the same thing again has been waited for since it began. */
export function waitFor(control: WellControl, kind: WaitingKind, text: string): void {
  const before = control.waiting?.kind === kind ? control.waiting : undefined;
  const tries = kind === 'lock' ? { tries: (before?.tries ?? 0) + 1 } : {};
  control.waiting = { kind, text, since: before?.since ?? new Date().toISOString(), ...tries };
}

/** All runs are looked at once more, also those that were on disk when the scan began. */
export function lookAgain(counts: WellCounts): void {
  const none = { next: 0, acquired: 0, reused: 0, processed: 0, shortRuns: 0, quarantined: 0 };
  Object.assign(counts, { ...none, again: false, prepared: { ...counts.prepared, next: 0 } });
}

/** Adds a chunk's outcome; the next chunk lasts 25 runs, at least half a minute and at most ten minutes. */
export function addChunk(counts: WellCounts, outcome: AcquireOutcome): void {
  // runs that an attempt before this one took are only found by it
  if (outcome.acquired > 0 || outcome.next > counts.next) counts.waits = 0;
  counts.next = outcome.next;
  counts.acquired += outcome.acquired;
  counts.reused += outcome.reused;
  counts.failed += outcome.failed;
  counts.quarantined += outcome.quarantined;
  counts.shortRuns += outcome.shortRuns;
  counts.notes = keepNotes(counts.notes, ...notesOf(outcome));
  if (outcome.secondsPerRun > 0) counts.secondsPerRun = outcome.secondsPerRun;
  counts.chunkSeconds = Math.min(600, Math.max(30, 25 * counts.secondsPerRun));
}

/** The procedure's line in the answer of `progress`. */
export function procedureProgress(
  { procedure }: WellTask,
  counts: WellCounts,
  state: ProcedureState,
): ProcedureProgress {
  const { acquired, reused, processed, failed, quarantined, shortRuns, merged, notes } = counts;
  const left = (procedure.runs - counts.next) * counts.secondsPerRun;
  return {
    ...noProgress(procedure),
    ...{ state, acquired: acquired + reused, processed, merged, reused, failed, quarantined, shortRuns },
    ...noted(notes),
    ...(left > 0 && state === 'acquiring' ? { secondsLeft: Math.round(left) } : {}),
  };
}
