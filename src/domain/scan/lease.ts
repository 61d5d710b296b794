import type { NetworkReference } from './tasks.js';

/** A Well's wish to use a stand. Order of the queue: urgent ones, then priority (1 first), then start of the scan. */
export interface LeaseRequest {
  /** Workflow id of the Well. */
  readonly holder: string;
  /** First run id of the Well, which stays the same over continue-as-new. */
  readonly firstRunId: string;
  readonly scan: string;
  readonly procedure: string;
  readonly priority: number;
  readonly urgent: boolean;
  /** Start of the scan, ms since 1970. */
  readonly scanStarted: number;
  /** Where the stand is, should it have to be made quiet for a holder that is gone. */
  readonly network: NetworkReference | null;
  readonly operator?: string;
  /** How often the Well has asked, this time included; absent from Wells of 2.0.0. The grant and its end carry it. */
  readonly number?: number;
}
