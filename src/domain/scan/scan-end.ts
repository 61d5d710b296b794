/** What became of a scan, as its folder keeps it. */

/** What was said to a calibration whose analysis asked a human. */
export interface Answer {
  readonly verdict: 'accept' | 'reject';
  /** Who said it; null: nobody did in time, and the analysis had said what then. */
  readonly by: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** The end of one of its procedures. */
export interface ProcedureEnd {
  readonly name: string;
  readonly type: 'daq' | 'analysis';
  readonly state: string;
  readonly runs: number;
  readonly acquired: number;
  readonly quarantined: number;
  /** Why it failed or was aborted, or why what depends on it must not run. */
  readonly failure?: string | undefined;
  readonly answer?: Answer | undefined;
}

/** As an output folder keeps it. */
export interface ScanEnd {
  readonly scan: string;
  /** First run of the scan's workflow, as in `owner.json`: tells two scans with the same id apart. */
  readonly firstRunId: string;
  readonly state: 'done' | 'failed' | 'aborted';
  readonly stand: string;
  readonly board?: string | undefined;
  readonly operator?: string | undefined;
  readonly comment?: string | undefined;
  /** ISO 8601, UTC. */
  readonly ended: string;
  readonly procedures: readonly ProcedureEnd[];
}
