/** The stand where neither `--stand` nor the network file names one. */
export const usualStand = 'local';

/** Input of `valveYard`: all that a scan is started with; paths absolute as the workers see them. */
export interface ScanInput {
  readonly config: string;
  readonly procedures: readonly string[];
  readonly output: string;
  readonly network?: string;
  readonly stand?: string;
  readonly calibration?: string;
  readonly fresh?: boolean;
  /** Takes the folder from a scan of another server that has not closed it and gives no sign of life. */
  readonly takeOver?: boolean;
  /** Analyses to run again although their results hold, by procedure or planned name. */
  readonly again?: readonly string[];
  /** Compares the content of raw files that are reused with what was measured. */
  readonly verify?: boolean;
  readonly priority?: number;
  readonly urgent?: boolean;
  readonly maxFailedRuns?: number;
  readonly comment?: string;
  readonly operator?: string;
  readonly board?: string;
  /** Keeps runs that were measured at another stand or on another board. */
  readonly anyStand?: boolean;
}
