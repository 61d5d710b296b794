/**
 * Room: what an analysis is given, gives back, and what is recorded of it.
 * May use: domain, domain/config, domain/table.
 */

import type { ConfigMap } from '../config/value.js';
import type { Mode } from '../config/procedure.js';
import type { TableReader } from '../table/reader.js';

/** Names of the files that an analysis makes, relative to its output folder. */
export interface AnalysisOutputs {
  readonly summary?: string | null;
  readonly plots?: readonly string[];
  /** A YAML configuration fragment that is laid on the init state of later procedures. */
  readonly calibration?: string | null;
  readonly [other: string]: string | readonly string[] | null | undefined;
}

/**
 * What an analysis thinks of its result: `reject` stops the procedures that depend on it, `ask` waits for a human for
 * `timeout` seconds and then takes `default`.
 */
export interface Quality {
  readonly verdict: 'accept' | 'reject' | 'ask';
  readonly reason?: string;
  readonly timeout?: number;
  readonly default?: 'accept' | 'reject';
}

/**
 * One column of a CSV file; numbers that are not finite become empty fields. Units (`ADC counts`; empty for plain
 * numbers) are written beside the file, as `NAME.units.csv`.
 */
export interface CsvColumn {
  readonly name: string;
  readonly unit?: string;
  readonly values: ArrayLike<number | string | boolean>;
}

/** A Vega-Lite specification as plain JSON; data inline. Theme, fonts and background are added when it is drawn. */
export type PlotSpec = Readonly<Record<string, unknown>>;

/** What an analysis is given besides its data. Names of files are relative to the output folder. */
export interface AnalysisContext {
  readonly parameters: ConfigMap;
  readonly mode: Mode;
  /** Absolute path of the output folder, for whatever the helpers below do not do. */
  readonly outputDir: string;
  /** Aborted when the analysis is cancelled or out of time. */
  readonly signal: AbortSignal;
  readonly log: { info(text: string): void; warn(text: string): void };
  /** Draws `NAME.svg` and `NAME.png`. */
  plot(name: string, spec: PlotSpec): Promise<void>;
  csv(name: string, columns: readonly CsvColumn[]): Promise<void>;
  text(name: string, content: string): Promise<void>;
  /** Writes a configuration fragment as YAML; integer keys stay integers. */
  calibration(name: string, fragment: ConfigMap): Promise<void>;
}

/** The three parts of an analysis; the constructor takes the procedure's parameters. */
export interface Analysis {
  output(): AnalysisOutputs;
  /** `tables` has one table per DAQ procedure, in the order in which the configuration names them. */
  run(tables: readonly TableReader[], context: AnalysisContext): Promise<Quality | void>;
}

export type AnalysisClass = new (parameters: ConfigMap) => Analysis;
