/** How long a stand is waited for; all in seconds. */
export interface StandTimeouts {
  /** Reply to a command of daq server and client. */
  readonly command: number;
  /** Reply of the slow-control server: writing a whole configuration takes its time on real chips. */
  readonly slowControl: number;
  /** No message of the data stream for so long within a run. */
  readonly silence: number;
  /** A whole run. */
  readonly run: number;
}

/** Somebody who listens takes a connection within milliseconds. */
export const meetSeconds = 5;

export const usualTimeouts: StandTimeouts = { command: 10, slowControl: 60, silence: 20, run: 3600 };
