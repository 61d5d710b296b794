/**
 * Room: what the parts of a running scan tell each other: tasks and outcomes, notes and waits, lines of the manifest.
 * May use: domain/config.
 */

import type { Mode } from '../config/procedure.js';
import type { Origin } from './origin.js';
import type { Answer, ProcedureEnd } from './scan-end.js';
import type { Note } from './notes.js';
import type { Told } from './old-texts.js';

/** What workflows and activities say to each other: small plain JSON. Large things are a path and a sha256. */

/** A file that must still be the one that was meant. */
export interface FileReference {
  readonly path: string;
  readonly sha256: string;
}

/** A scan's network file. */
export interface NetworkReference extends FileReference {
  /** The user's own file that it is a copy of; absent in scans that refer to that one. */
  readonly original?: string;
}

/** What every activity of a scan is told about it. */
export interface ScanContext {
  /** Workflow id of the scan. */
  readonly scan: string;
  /** First run id of the scan's workflow: tells two scans with the same id apart. */
  readonly firstRunId: string;
  readonly output: string;
  /** Text of the output folder's marker: a folder without it is not ours (an unmounted share). */
  readonly marker: string;
  readonly stand: string;
  readonly network: NetworkReference | null;
  readonly maxFailedRuns?: number;
  readonly comment?: string;
  readonly operator?: string;
  readonly board?: string;
  /** Runs of other stands and boards are kept. */
  readonly anyStand?: boolean;
  /** Search attributes that the server knows; absent in scans of 2.0.0, which asked nobody. */
  readonly searchAttributes?: readonly string[];
}

/** Where a scan's runs are measured. */
export function originOf({ board, stand, anyStand }: ScanContext): Origin {
  return { board, stand, any: anyStand };
}

/** A procedure of the plan, its configuration frozen in `file`. */
export type OpenedProcedure = OpenedDaq | OpenedAnalysis;

interface Opened {
  readonly name: string;
  readonly procedure: string;
  readonly dependsOn: readonly string[];
  readonly calibrations: readonly string[];
  readonly file: FileReference;
}

export interface OpenedDaq extends Opened {
  readonly type: 'daq';
  readonly runs: number;
  readonly merge: boolean;
}

export interface OpenedAnalysis extends Opened {
  readonly type: 'analysis';
  readonly mode: Mode;
  readonly moduleName: string;
  readonly providesCalibration: boolean;
  /** An analysis that is to be run again although its results hold. */
  readonly again?: boolean;
}

export interface OpenedScan {
  readonly context: ScanContext;
  readonly procedures: readonly OpenedProcedure[];
  readonly warnings: readonly string[];
}

/** What of a procedure's runs is on disk. */
export interface RunReuse {
  /** Runs that are as they must be. */
  readonly reused: number;
  /** Why the others are measured (again). */
  readonly reasons: readonly string[];
}

/** A DAQ procedure with its calibrations laid on, ready to be measured. */
export interface PreparedProcedure extends RunReuse, Told {
  readonly file: FileReference;
  readonly runs: number;
  /** First run to be measured; `runs` where none is. */
  readonly next: number;
}

export interface AcquireTask {
  readonly context: ScanContext;
  readonly name: string;
  readonly file: FileReference;
  /** First run to look at; valid runs are passed over. */
  readonly from: number;
  /** The chunk ends with the first run that is done after this time. */
  readonly seconds: number;
  /** Whether the Well wants to hear of the stand's trouble; those of 2.0.0 do not know of it. */
  readonly news?: true;
}

/** Why a chunk ended. */
export type AcquireEnd = 'all' | 'chunk' | 'cancelled' | 'space' | 'readings';

export interface AcquireOutcome extends Told {
  readonly end: AcquireEnd;
  /** Where the next chunk begins. */
  readonly next: number;
  readonly acquired: number;
  readonly reused: number;
  /** Attempts at a run that failed and were made again. */
  readonly failed: number;
  readonly quarantined: number;
  readonly shortRuns: number;
  /** Seconds per run measured in this chunk, 0 where none was. */
  readonly secondsPerRun: number;
}

export interface ProcessTask {
  readonly context: ScanContext;
  readonly name: string;
  readonly file: FileReference;
  readonly from: number;
  readonly to: number;
}

export interface ProcessOutcome extends Told {
  readonly processed: number;
  readonly reused: number;
  /** Raw files that were not what the manifest says; moved aside, to be measured again. */
  readonly damaged: number;
}

export interface MergeTask {
  readonly context: ScanContext;
  readonly name: string;
  readonly file: FileReference;
  readonly workflowId: string;
}

export interface MergeOutcome {
  readonly output: string;
  readonly sha256: string | null;
  readonly rows: number;
  readonly quarantined: number;
}

/** A human's or an analysis' judgement of a calibration. */
export type Verdict = 'accept' | 'reject' | 'ask';

/** Analyses of a scan that are to be tried before it measures. */
export interface TryAnalysesTask {
  readonly context: ScanContext;
  readonly analyses: readonly { readonly name: string; readonly file: FileReference }[];
}

export interface AnalyseTask {
  readonly context: ScanContext;
  readonly name: string;
  readonly file: FileReference;
  /** Tables in the order of the procedure's `daq`. */
  readonly inputs: readonly FileReference[];
  readonly mode: Mode;
  readonly again?: boolean;
}

export interface AnalyseOutcome {
  readonly output: string;
  readonly calibration: FileReference | null;
  readonly verdict: Verdict;
  readonly reason: string;
  /** How long to wait for a human where the verdict is `ask`, and what then. */
  readonly timeoutSeconds: number;
  readonly onTimeout: 'accept' | 'reject';
  readonly reused: boolean;
  readonly undeclared: readonly string[];
  /** Not from workers of 2.0.0, which say `undeclared` only. */
  readonly notes?: readonly Note[];
}

export interface CloseTask {
  readonly context: ScanContext;
  readonly state: 'done' | 'failed' | 'aborted';
  /** What became of each procedure; not from scans of 2.0.0. */
  readonly procedures?: readonly ProcedureEnd[];
  /** Accepted calibrations in plan order, with the analysis that made each. */
  readonly calibrations: readonly { readonly procedure: string; readonly file: FileReference }[];
}

/**
 * Release whose commands a workflow makes. A workflow that nobody of ours starts asks Temporal whether it was begun by
 * this one; the others are told by their task.
 */
export type Release = '2.1';

/** Input of `well`. */
export interface WellTask {
  readonly context: ScanContext;
  readonly procedure: OpenedDaq;
  /** Calibrations to lay on init, in order. */
  readonly calibrations: readonly FileReference[];
  readonly priority: number;
  readonly urgent: boolean;
  readonly scanStarted: number;
  /** Whether a worker drove the stand when the scan began; else it is asked for when it is needed. */
  readonly standThere: boolean;
  /** Whether raw files on disk are read before they are reused. */
  readonly verify: boolean;
  /** How often, at most, the scan is told about progress within a stage; 0: of what it must know alone. */
  readonly progressSteps: number;
  /** What the workflow may do; absent: what one of 2.0.0 does. */
  readonly release?: Release;
}

export interface WellOutcome {
  readonly state: 'done' | 'aborted';
  readonly output: string;
  readonly sha256: string | null;
  readonly quarantined: number;
}

/** Input of `distillery`. */
export interface DistilleryTask {
  readonly context: ScanContext;
  readonly procedure: OpenedAnalysis;
  readonly inputs: readonly FileReference[];
  /** What the workflow may do; absent: what one of 2.0.0 does. */
  readonly release?: Release;
}

export interface DistilleryOutcome {
  readonly output: string;
  readonly calibration: FileReference | null;
  readonly accepted: boolean;
  /** Why it was rejected, else what the analysis says of its quality. */
  readonly reason: string;
  /** Where a human was asked. */
  readonly answer?: Answer;
}
