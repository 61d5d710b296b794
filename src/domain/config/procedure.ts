import type { ConfigMap, ConfigValue, Key, Scalar, TypedMap } from './value.js';

/** How the rows of a run's table are made: statistics per channel, or one row per channel and event. */
export type Mode = 'summary' | 'full';
/** The word format of the chips' data (spec: raw-format, "A channel word"). */
export type DataFormat = 'raw' | 'characterisation';

/**
 * One axis of a scan, ready to use: point i has the patch `patches[i]` and is told to people and tables by `values[i]`.
 * `defaults` is the overlay of the template defaults (empty for other kinds of axis).
 */
export interface Axis {
  /** Column name in the table and heading in plans. */
  readonly name: string;
  readonly length: number;
  readonly unit?: string;
  readonly label?: string;
  patch(point: number): ConfigMap;
  readonly defaults: ConfigMap;
  /** Values of the axis' columns at a point: one for a simple axis, several where parameters move together. */
  columns(point: number): ReadonlyMap<string, Scalar>;
  /** What the axis was made from (`makeAxis`), so that it can be written to a file and made again. */
  readonly spec: AxisSpec;
}

/** What all kinds of axis may say about themselves. */
interface AxisNames {
  readonly name: string;
  readonly unit?: string;
  readonly label?: string;
}

/** An axis with its files read, names filled in and values written out: all that is needed to make its patches. */
export type AxisSpec =
  | (AxisNames & { readonly kind: 'key'; readonly paths: readonly Path[]; readonly values: readonly ConfigValue[] })
  | (AxisNames & {
      readonly kind: 'patch';
      readonly patches: readonly ConfigMap[];
      readonly defaults: ConfigMap;
      readonly values: readonly Scalar[];
    })
  | (AxisNames & { readonly kind: 'zip'; readonly members: readonly AxisSpec[] });

export type Path = readonly Key[];

/**
 * In which order the points of the scan are taken: as the axes say; with every axis but the first turning back
 * instead of jumping back (`snake`); or mixed in a way that the seed alone decides.
 */
export type PointOrder =
  { readonly kind: 'linear' } | { readonly kind: 'snake' } | { readonly kind: 'shuffle'; readonly seed: number };

/** A DAQ procedure with all its files read, defaults filled in and checked. */
export interface DaqProcedure {
  readonly type: 'daq';
  readonly name: string;
  readonly mode: Mode;
  readonly dataFormat: DataFormat;
  /** Columns of the table; empty means all. */
  readonly dataColumns: readonly string[];
  readonly merge: boolean;
  readonly repeat: number;
  readonly runStartTdcProcedure: boolean;
  /** Runs with fewer events fail; undefined: half of those asked for only flags the run as short. */
  readonly minEvents?: number;
  /** How many runs may be quarantined before the procedure fails. */
  readonly maxFailedRuns?: number;
  /** Names of the analyses (or workflows of them) whose calibrations are laid on init, in order. */
  readonly calibration: readonly string[];
  /** Overlay of the default files: the power-on state. */
  readonly defaultState: ConfigMap;
  /** Overlay of the init files, then `override`; calibrations come later. */
  readonly initState: ConfigMap;
  readonly axes: readonly Axis[];
  /** Missing means as the axes say. */
  readonly order?: PointOrder;
  readonly allowNewParameters: boolean;
}

/** An analysis procedure, defaults filled in and checked. */
export interface AnalysisProcedure {
  readonly type: 'analysis';
  readonly name: string;
  readonly daq: readonly string[];
  readonly moduleName: string;
  readonly parameters: TypedMap;
  readonly compatibleModes: readonly Mode[];
  readonly providesCalibration: boolean;
}

export type Procedure = DaqProcedure | AnalysisProcedure;

/** One entry of the order of execution; `name` is unique in the plan and names its output (`pedestal`, `pedestal.2`). */
export interface PlannedProcedure {
  readonly name: string;
  readonly procedure: string;
  readonly type: 'daq' | 'analysis';
  /** Planned names that must be done before: what an analysis reads, what a calibration needs. */
  readonly dependsOn: readonly string[];
  /** Planned names of the analyses whose calibrations are laid on init, in order of overlay (DAQ procedures only). */
  readonly calibrations: readonly string[];
  /** Why it is in the plan: 'asked for', 'data for X', 'calibration for X'. */
  readonly reason: string;
}
