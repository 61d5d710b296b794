import { waits } from '../../domain/scan/notes.js';
import type {
  DistilleryOutcome,
  FileReference,
  OpenedProcedure,
  ScanContext,
  WellOutcome,
} from '../../domain/scan/tasks.js';
import { nothingNoticed, type Noticed } from './notices.js';
import type { AbortRequest, PauseRequest, ProcedureProgress, ProcedureResult, ScanProgress } from '../messages.js';
import { noProgress } from '../progress.js';

/** What a scan knows of one of its procedures. */
export interface YardEntry {
  readonly procedure: OpenedProcedure;
  progress: ProcedureProgress;
  /** The stand is no longer needed by it. */
  acquired: boolean;
  /** What people were told of it. */
  noticed: Noticed;
  outcome: WellOutcome | DistilleryOutcome | undefined;
  /** Why it failed, or why what depends on it must not run. */
  failure: string | undefined;
}

/** Everything a scan knows while it runs. */
export interface Yard {
  readonly stand: string;
  context: ScanContext | undefined;
  entries: readonly YardEntry[];
  warnings: readonly string[];
  paused: PauseRequest | null;
  aborted: AbortRequest | null;
  /** Whether a worker drove the stand when the scan began. */
  standThere: boolean;
  stage: 'opening' | 'running' | 'closing' | 'done' | 'failed' | 'aborted';
}

export function newEntry(procedure: OpenedProcedure): YardEntry {
  return {
    procedure,
    progress: noProgress(procedure),
    acquired: procedure.type === 'analysis',
    noticed: nothingNoticed,
    outcome: undefined,
    failure: undefined,
  };
}

/**
 * Whether a procedure may begin: what it depends on is done, and, where it needs the stand, every DAQ procedure before
 * it in the plan has finished with the stand. So procedures acquire in the declared order, one at a time.
 */
export function isReady(yard: Yard, entry: YardEntry): boolean {
  if (!dependencies(yard, entry).every((other) => other.outcome !== undefined)) return false;
  if (entry.procedure.type === 'analysis') return true;
  if (yard.paused !== null) return false;
  const before = yard.entries.slice(0, yard.entries.indexOf(entry));
  return before.every((other) => other.acquired || other.failure !== undefined);
}

/** Why a procedure can no longer run, undefined while it can. */
export function hindrance(yard: Yard, entry: YardEntry): string | undefined {
  const broken = dependencies(yard, entry).find((other) => other.failure !== undefined);
  return broken === undefined ? undefined : `needs ${broken.procedure.name}: ${broken.failure}`;
}

function dependencies(yard: Yard, entry: YardEntry): YardEntry[] {
  const names = new Set([...entry.procedure.dependsOn, ...entry.procedure.calibrations]);
  return yard.entries.filter((other) => names.has(other.procedure.name));
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
    const outcome = yard.entries.find((other) => other.procedure.name === name)?.outcome;
    if (outcome === undefined || !('sha256' in outcome) || outcome.sha256 === null) return [];
    return [{ path: outcome.output, sha256: outcome.sha256 }];
  });
}

export function progressOf(yard: Yard): ScanProgress {
  const procedures = yard.entries.map((entry) => entry.progress);
  const waiting = procedures.map((progress) => progress.waiting).find((each) => each !== undefined);
  const secondsLeft = procedures.reduce((sum, progress) => sum + (progress.secondsLeft ?? 0), 0);
  return {
    phase: phaseOf(yard),
    stand: yard.stand,
    ...waits(waiting),
    ...(secondsLeft > 0 ? { secondsLeft } : {}),
    notes: yard.warnings.map((text) => ({ kind: 'warning', text })),
    procedures,
  };
}

function phaseOf(yard: Yard): string {
  if (yard.stage !== 'running') return yard.stage;
  if (yard.paused !== null) return 'paused';
  const states = yard.entries.map((entry) => entry.progress.state).filter((state) => state !== 'waiting');
  return states.find((state) => !['done', 'failed', 'aborted'].includes(state)) ?? 'running';
}

export function resultOf({ procedure, progress, outcome }: YardEntry): ProcedureResult {
  const sha256 = outcome !== undefined && 'sha256' in outcome ? outcome.sha256 : null;
  return { name: procedure.name, state: progress.state, output: outcome?.output ?? '', sha256 };
}
