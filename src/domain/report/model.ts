/**
 * Room: the report's content and its HTML, from plain data.
 * May use: domain, domain/analysis, domain/config, domain/scan.
 */

import type { Quality } from '../analysis/interface.js';

/** Everything a scan's report shows, read from its output folder. */
export interface ScanReport {
  readonly title: string;
  readonly state: ReportState;
  /** What to know before all else, a line each. */
  readonly remarks: readonly string[];
  /** Facts about the scan as a whole: name and value. */
  readonly facts: readonly Fact[];
  readonly outcomes: readonly Outcome[];
  readonly badChannels: readonly BadChannel[];
  readonly measurements: readonly MeasurementReport[];
  readonly analyses: readonly AnalysisReport[];
  readonly calibration: CalibrationReport | undefined;
  /** Files that the results stand in, with their sha256. */
  readonly files: readonly { readonly path: string; readonly sha256: string; readonly what: string }[];
}

/** `open`: the scan that writes here has not ended, or was cut short; `unknown`: of a version that did not say. */
export type ReportState = 'done' | 'failed' | 'aborted' | 'open' | 'unknown';

/** What became of a procedure, on one line. */
export interface Outcome {
  readonly name: string;
  readonly type: 'daq' | 'analysis';
  readonly state: string;
  /** Runs, or why it failed, or what the analysis says of its quality. */
  readonly text: string;
  readonly quality: Quality | undefined;
  /** What a human said to its calibration. */
  readonly answer: string | undefined;
  /** Its table or folder, where there is one. */
  readonly link: string | undefined;
  /** Whether the report has a section of it. */
  readonly detailed: boolean;
}

/** A channel that an analysis has flagged. */
export interface BadChannel {
  readonly channel: string;
  readonly why: string;
  /** The analysis that says so. */
  readonly analysis: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
}

export interface MeasurementReport {
  readonly name: string;
  readonly facts: readonly Fact[];
  /** Tables beside the report; `partial`: of a scan that did not measure all. */
  readonly tables: readonly { readonly name: string; readonly partial: boolean }[];
  readonly axes: readonly {
    readonly name: string;
    readonly length: number;
    readonly label: string;
    readonly values: string;
  }[];
  readonly statistics: RunStatistics;
  readonly quarantined: readonly { readonly run: number; readonly reason: string }[];
  /** Settings that differ from the power-on state, as YAML. */
  readonly settings: string;
  /** Time per run and events over the run's number. */
  readonly plot: Picture | undefined;
}

export interface AnalysisReport {
  readonly name: string;
  readonly state: 'done' | 'failed';
  readonly facts: readonly Fact[];
  readonly quality: Quality | undefined;
  readonly plots: readonly Picture[];
  readonly tables: readonly TablePreview[];
  readonly badChannels: readonly BadChannel[];
  /** Declared files that are neither shown as pictures nor as tables, by their path beside the report. */
  readonly otherFiles: readonly string[];
  /** Last lines of what the analysis had to say on stderr. */
  readonly messages: readonly string[];
}

/** A picture as a `data:` address, so that the page needs no other file. */
export interface Picture {
  readonly name: string;
  readonly data: string;
}

export interface TablePreview {
  readonly name: string;
  /** Rows that flag a channel: what it is called, and why. */
  readonly flagged: readonly { readonly channel: string; readonly why: string }[];
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Rows of the whole file. */
  readonly total: number;
}

export interface CalibrationReport {
  /** One line per calibration: what made it, of which data, when. */
  readonly lineage: readonly string[];
  readonly text: string;
}

/** What a procedure's manifest says of its runs. */
export interface RunStatistics {
  readonly measured: number;
  readonly events: number;
  readonly bytes: number;
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  readonly runsWithCorruptHalves: number;
  readonly shortRuns: number;
  /** Runs that were not measured by the first attempt at their chunk. */
  readonly laterAttempts: number;
  /** ISO 8601, UTC; empty where nothing was measured. */
  readonly firstStart: string;
  readonly lastEnd: string;
  /** Sum of the runs' own times, s. Against the whole time it tells what was lost between runs. */
  readonly secondsInRuns: number;
  readonly secondsInAll: number;
  readonly secondsPerRun: { readonly median: number; readonly longest: number };
  /** Runs that somebody should look at: corrupt, short, or measured by a later attempt. */
  readonly notable: readonly { readonly run: number; readonly remarks: string }[];
}
