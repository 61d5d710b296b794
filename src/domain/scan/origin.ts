/** Where the runs of a scan are measured. What is absent was not said. */
export interface Origin {
  /** Serial of the board: part of every run's key, since another board measures something else. */
  readonly board?: string | undefined;
  /** Beside the key: what version 2.0.0 measured does not say it. */
  readonly stand?: string | undefined;
  /** Runs of other stands and boards are kept as well. */
  readonly any?: boolean | undefined;
}

/** What the record of a measured run says of where it comes from. */
export interface MeasuredRun {
  readonly run: number;
  readonly key: string;
  readonly board?: string;
  readonly stand?: string;
}
