import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { waits, type Waiting } from '../../domain/scan/notes.js';
import { timeLeft } from '../../domain/scan/time-left.js';
import { usualStand } from '../../domain/scan/scan-input.js';
import type {
  DistilleryOutcome,
  FileReference,
  OpenedProcedure,
  ScanContext,
  WellOutcome,
} from '../../domain/scan/tasks.js';
import { nothingNoticed, type Noticed } from './notices.js';
import type {
  AbortRequest,
  AnswerRequest,
  PauseRequest,
  ProcedureProgress,
  ProcedureResult,
  ProcedureState,
  ScanProgress,
} from '../messages.js';
import { noProgress } from '../progress.js';

/** What a scan knows of one of its procedures. */
export interface YardEntry {
  readonly procedure: OpenedProcedure;
  /** Its place in the plan. */
  readonly index: number;
  /** What it depends on, in plan order. */
  readonly needs: readonly YardEntry[];
  progress: ProcedureProgress;
  /** Its workflow was asked for: what it tells may arrive before the news that it runs. */
  begun: boolean;
  /** Its workflow runs or has run: it can be told something. */
  started: boolean;
  /** Nothing more will come of it. */
  ended: boolean;
  /** The stand is no longer needed by it. */
  acquired: boolean;
  /** Number of the progress last told by it. */
  told: number;
  /** What a human has said to its calibration. */
  answered: AnswerRequest['verdict'] | undefined;
  /** Whatever is on its way to its workflow: one thing after the other. */
  telling: Promise<void>;
  /** What people were told of it. */
  noticed: Noticed;
  outcome: WellOutcome | DistilleryOutcome | undefined;
  /** Why it failed, or why what depends on it must not run. */
  failure: string | undefined;
}

export type Stage = 'opening' | 'running' | 'closing' | 'done' | 'failed' | 'aborted';

/** Everything a scan knows while it runs. */
export interface Yard {
  /** Whether it was begun by 2.1: else it makes the commands of 2.0.0. */
  readonly newer: boolean;
  /** Search attributes that the server knows; undefined in a scan of 2.0.0, which asked nobody. */
  known: readonly string[] | undefined;
  /** The workflow's own scope: whether the scan is being cancelled. */
  readonly root: CancellationScope;
  readonly stand: string;
  context: ScanContext | undefined;
  entries: readonly YardEntry[];
  /** By planned name. */
  byName: ReadonlyMap<string, YardEntry>;
  warnings: readonly string[];
  paused: PauseRequest | null;
  aborted: AbortRequest | null;
  /** Whether a worker drove the stand when the scan began. */
  standThere: boolean;
  /** Lets the world know that the scan lives. */
  keeping: CancellationScope | undefined;
  /** Why the output folder is no longer the scan's. */
  lost: string | undefined;
  /** What the scan as a whole waits for before it begins. */
  waiting: Waiting | undefined;
  /** Set where the stand was not there when the scan began. */
  silent: Waiting | undefined;
  stage: Stage;
  /** The phase that users can search for, and how often more it may change for every little thing. */
  phase: { shown: string; left: number };
}

export function newYard(stand: string = usualStand, newer: boolean): Yard {
  return {
    ...{ newer, stand, known: undefined, root: CancellationScope.current(), context: undefined },
    ...{ entries: [], byName: new Map(), warnings: [], paused: null, aborted: null },
    ...{
      standThere: true,
      keeping: undefined,
      lost: undefined,
      waiting: undefined,
      silent: undefined,
      stage: 'opening',
      phase: { shown: 'opening', left: 0 },
    },
  };
}

export function newEntries(procedures: readonly OpenedProcedure[]): YardEntry[] {
  const needs = new Map<string, YardEntry[]>(procedures.map(({ name }) => [name, []]));
  const entries = procedures.map((procedure, index) => newEntry(procedure, index, needs.get(procedure.name) ?? []));
  for (const entry of entries) {
    const names = new Set([...entry.procedure.dependsOn, ...entry.procedure.calibrations]);
    needs.get(entry.procedure.name)?.push(...entries.filter(({ procedure }) => names.has(procedure.name)));
  }
  return entries;
}

function newEntry(procedure: OpenedProcedure, index: number, needs: readonly YardEntry[]): YardEntry {
  return {
    ...{ procedure, index, needs, progress: noProgress(procedure), noticed: nothingNoticed },
    ...{ begun: false, started: false, ended: false, acquired: procedure.type === 'analysis', told: -1 },
    ...{ answered: undefined, telling: Promise.resolve(), outcome: undefined, failure: undefined },
  };
}

/** Whether the scan as a whole is being cancelled: a child may be cancelled alone. */
export function isCancelled(yard: Yard): boolean {
  return yard.root.consideredCancelled;
}

/** Whether an error is the scan's own cancellation. Scans of 2.0.0 took that of a child for it. */
export function isOwnCancellation(yard: Yard, error: unknown): boolean {
  return isCancellation(error) && (!yard.newer || isCancelled(yard));
}

/**
 * Whether a procedure may begin: what it depends on is done, and, where it needs the stand, every DAQ procedure before
 * it in the plan has finished with the stand. So procedures acquire in the declared order, one at a time.
 * @param turn place in the plan of the first procedure that still needs the stand
 */
export function isReady(yard: Yard, entry: YardEntry, turn: number): boolean {
  if (!entry.needs.every((other) => other.outcome !== undefined)) return false;
  if (entry.procedure.type === 'analysis') return true;
  return yard.paused === null && entry.index <= turn;
}

/** What it was that keeps a procedure from running, undefined while it can run. */
export function hindrance({ needs }: YardEntry): YardEntry | undefined {
  return needs.find((other) => other.failure !== undefined);
}

/** Calibrations made so far, in plan order. */
export function calibrationsOf(yard: Yard, names?: readonly string[]): { procedure: string; file: FileReference }[] {
  return yard.entries.flatMap(({ procedure, outcome }) => {
    if (outcome === undefined || !('calibration' in outcome) || outcome.calibration === null || !outcome.accepted)
      return [];
    if (names !== undefined && !names.includes(procedure.name)) return [];
    return [{ procedure: procedure.name, file: outcome.calibration }];
  });
}

/** Tables an analysis reads, in the order of its `daq`. */
export function inputsOf(yard: Yard, entry: YardEntry): FileReference[] {
  return entry.procedure.dependsOn.flatMap((name) => {
    const outcome = yard.byName.get(name)?.outcome;
    if (outcome === undefined || !('sha256' in outcome) || outcome.sha256 === null) return [];
    return [{ path: outcome.output, sha256: outcome.sha256 }];
  });
}

export function progressOf(yard: Yard): ScanProgress {
  const procedures = yard.entries.map((entry) => entry.progress);
  const waiting =
    yard.waiting ??
    procedures.map((progress) => progress.waiting).find((each) => each !== undefined) ??
    stillSilent(yard);
  return {
    phase: phaseOf(yard),
    stand: yard.stand,
    ...waits(waiting),
    ...(yard.paused === null && yard.aborted === null ? timeLeft(procedures) : {}),
    notes: yard.warnings.map((text) => ({ kind: 'warning', text })),
    procedures,
  };
}

/** Whether nothing more will come of a procedure. */
export function isOver(state: ProcedureState): boolean {
  return state === 'done' || state === 'failed' || state === 'aborted';
}

/** A stand that was not there when the scan began, as long as nothing shows that it is. */
function stillSilent({ silent, entries }: Yard): Waiting | undefined {
  const isMet = entries.some(({ progress: { type, acquired, reused } }) => type === 'daq' && acquired > reused);
  return isMet || entries.every(({ acquired, ended }) => acquired || ended) ? undefined : silent;
}

export function phaseOf(yard: Yard): string {
  const { stage, entries } = yard;
  const goesOn = stage === 'opening' || stage === 'running';
  if (goesOn && (yard.aborted !== null || isCancelled(yard))) return 'aborting';
  if (stage !== 'running') return stage;
  if (yard.waiting !== undefined) return 'waiting';
  if (yard.paused !== null) return 'paused';
  const states = entries.map((entry) => entry.progress.state).filter((state) => state !== 'waiting');
  if (states.includes('asking')) return 'asking';
  return states.find((state) => !isOver(state)) ?? 'running';
}

export function resultOf({ procedure, progress, outcome }: YardEntry): ProcedureResult {
  const sha256 = outcome !== undefined && 'sha256' in outcome ? outcome.sha256 : null;
  return { name: procedure.name, state: progress.state, output: outcome?.output ?? '', sha256 };
}
