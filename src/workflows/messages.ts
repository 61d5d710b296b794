/**
 * Room: what workflows say to each other and to clients. Deterministic: no library but Temporal's, no file, no clock of
 * the machine. `index` puts everything together.
 * May use: activities, domain, domain/scan.
 */

/** Inputs, results and messages of the workflows: plain JSON, small. Large things are a path and a sha256. */

import type { LeaseRequest } from '../domain/scan/lease.js';
import type { ScanInput } from '../domain/scan/scan-input.js';
import type { Waits, Note, Noted } from '../domain/scan/notes.js';
import type { DistilleryOutcome, FileReference, Release, WellOutcome } from '../domain/scan/tasks.js';

export type { LeaseRequest };

export type ProcedureState =
  | 'waiting'
  | 'queued'
  | 'acquiring'
  | 'processing'
  | 'merging'
  | 'analysing'
  | 'asking'
  | 'paused'
  | 'aborting'
  | 'done'
  | 'failed'
  | 'aborted';

export interface ProcedureProgress extends Noted, Waits {
  readonly name: string;
  readonly type: 'daq' | 'analysis';
  readonly state: ProcedureState;
  readonly runs: number;
  readonly acquired: number;
  readonly processed: number;
  readonly merged: boolean;
  readonly reused: number;
  readonly failed: number;
  readonly quarantined: number;
  readonly shortRuns: number;
  readonly secondsLeft?: number;
}

/** Answer of the query `progress` of `valveYard`. */
export interface ScanProgress extends Waits {
  readonly phase: string;
  readonly stand: string;
  readonly secondsLeft?: number;
  /** Of the scan as a whole; those of its procedures are theirs. */
  readonly notes: readonly Note[];
  readonly procedures: readonly ProcedureProgress[];
}

export interface ProcedureResult {
  readonly name: string;
  readonly state: ProcedureState;
  /** The merged table or the analysis' folder. */
  readonly output: string;
  readonly sha256: string | null;
}

/** `valveYard`, for clients, which know no workflow code. */
export type ScanWorkflow = (input: ScanInput) => Promise<ScanResult>;

/** Result of `well`. */
export interface WellResult extends WellOutcome {
  /** The last of it. Wells of a scan of 2.0.0 tell it by a signal before they end. */
  readonly progress?: ProcedureProgress;
}

/** Result of `distillery`. */
export interface DistilleryResult extends DistilleryOutcome {
  /** Its scan was aborted before it had any. */
  readonly aborted?: true;
  /** As with a Well. */
  readonly progress?: ProcedureProgress;
}

/** Result of `valveYard`. */
export interface ScanResult {
  readonly state: 'done' | 'failed' | 'aborted';
  readonly procedures: readonly ProcedureResult[];
  readonly fullCalibration: FileReference | null;
}

/** Argument of the signal `pause`; `release` lends the stand to others meanwhile. */
export interface PauseRequest {
  readonly release?: boolean;
}

/** Argument of `resume` to a scan: a network file (absolute path) that takes the place of the scan's. */
export interface ResumeRequest {
  readonly network?: string;
}

/** The same, from a scan to its Wells: the file as the scan keeps it. */
export interface WellResumeRequest {
  readonly network?: FileReference;
}

/** Argument of the signal `abort`; `process` (default true) still makes the parts of what was measured. */
export interface AbortRequest {
  readonly process?: boolean;
}

/** Argument of the update `answer`: what a human says to a calibration that waits for it. */
export interface AnswerRequest {
  readonly verdict: 'accept' | 'reject';
  /** Planned name of the analysis; may be left out where one waits. */
  readonly procedure?: string;
  /** Who says so. */
  readonly operator?: string;
}

export interface QueueEntry extends LeaseRequest {
  readonly held: boolean;
}

export interface LeaseRecord {
  readonly holder: string;
  readonly scan: string;
  readonly procedure: string;
  readonly operator?: string;
  /** ISO 8601, UTC. */
  readonly from: string;
  readonly to?: string;
  /** How it ended: 'released', 'released unclean' (the stand did not answer), or how the holder's workflow did. */
  readonly end?: string;
}

/** Answer of the query `stand`. */
export interface StandView {
  readonly stand: string;
  readonly lease: LeaseRecord | null;
  readonly queue: readonly QueueEntry[];
  /** The last 50, newest first. */
  readonly history: readonly LeaseRecord[];
}

/** Argument of the update `editQueue`; `id` is a scan's or a Well's id. */
export interface QueueEdit {
  readonly action: 'move' | 'remove' | 'hold';
  readonly id: string;
  /** Where to (0 is the next one), with `move`. */
  readonly position?: number;
}

/** Input of `benchLease`; `state` is there after continue-as-new. */
export interface BenchLeaseInput {
  readonly stand: string;
  /** What the stand is wanted for, for people: `stand write`. */
  readonly what: string;
  readonly priority: number;
  readonly urgent: boolean;
  readonly operator?: string;
  readonly state?: BenchLeaseState;
}

/** Answer of the query `benchLease`. */
export interface BenchLeaseState {
  readonly granted?: boolean;
  /** Why it will not get the stand. */
  readonly refused?: string;
  /** Who has the stand, where it must wait. */
  readonly waitingFor?: string;
}

/** Input of `testStand`; `state` is there after continue-as-new. */
export interface TestStandInput {
  readonly stand: string;
  /** Of the worker that began this run; none: 2.0.0. */
  readonly release?: Release;
  readonly state?: StandView;
}
