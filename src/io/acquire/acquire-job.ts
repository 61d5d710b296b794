import type { ConfigMap } from '../../domain/config/value.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { FailureLog } from '../output/failure-log.js';
import type { Manifest } from '../output/manifest.js';
import type { RunStore } from './run-store.js';
import type { StandUse } from '../stand/stand-session.js';

/** A chunk of runs to acquire. */
export interface AcquireJob {
  readonly plan: ScanPlan;
  readonly runStartTdcProcedure: boolean;
  readonly minEvents: number | undefined;
  readonly maxFailedRuns: number;
  /** Where the runs are measured, as their records say it. */
  readonly place: Pick<ManifestLine, 'board' | 'stand' | 'address'>;
  readonly from: number;
  readonly seconds: number;
  readonly attempt: number;
  /** Asked between two runs: end the chunk? */
  readonly stopping: () => boolean;
  /** Ends the run in hand as well. */
  readonly signal: AbortSignal;
  readonly onRun: (run: number, acquired: number) => void;
}

/** The same with everything it works on, open. */
export interface AcquireWork extends AcquireJob {
  readonly manifest: Manifest;
  readonly store: RunStore;
  readonly failures: FailureLog;
  readonly use: StandUse;
}

/** A run that must be measured, with what must be known before it can be. */
export interface Candidate {
  readonly run: number;
  readonly key: string;
  readonly state: ConfigMap;
}
