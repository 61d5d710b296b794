/** Inputs, results and messages of the workflows: plain JSON, small. Large things are a path and a sha256. */

/** A file that must still be the one that was meant. */
export interface FileReference {
  readonly path: string;
  readonly sha256: string;
}

/** Input of `valveYard`: all that a scan is started with; paths absolute as the workers see them. */
export interface ScanInput {
  readonly config: string;
  readonly procedures: readonly string[];
  readonly output: string;
  readonly network?: string;
  readonly stand?: string;
  readonly calibration?: string;
  readonly fresh?: boolean;
  readonly priority?: number;
  readonly urgent?: boolean;
  readonly maxFailedRuns?: number;
  readonly comment?: string;
  readonly operator?: string;
  readonly board?: string;
}

export type ProcedureState =
  | 'waiting'
  | 'queued'
  | 'acquiring'
  | 'processing'
  | 'merging'
  | 'analysing'
  | 'paused'
  | 'done'
  | 'failed'
  | 'aborted';

export interface ProcedureProgress {
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
  /** Why runs are measured or processed again; at most 20. */
  readonly reasons: readonly string[];
  readonly secondsLeft?: number;
}

/** Answer of the query `progress` of `valveYard`. */
export interface ScanProgress {
  readonly phase: string;
  readonly stand: string;
  readonly waitingFor?: string;
  readonly secondsLeft?: number;
  readonly procedures: readonly ProcedureProgress[];
}

export interface ProcedureResult {
  readonly name: string;
  readonly state: ProcedureState;
  /** The merged table or the analysis' folder. */
  readonly output: string;
  readonly sha256: string | null;
}

/** Result of `valveYard`. */
export interface ScanResult {
  readonly state: 'done' | 'failed' | 'aborted';
  readonly procedures: readonly ProcedureResult[];
  readonly fullCalibration: FileReference | null;
}
