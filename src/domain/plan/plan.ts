/**
 * Room: a scan as data before anything moves: order, points, run keys, estimates, what would be reused.
 * May use: domain/*.
 */

import type { ConfigMap, Scalar } from '../config/value.js';
import type { Origin } from '../scan/origin.js';

/**
 * All runs of a DAQ procedure, by random access: nothing is stored per run.
 * Run indices count from 0 over the whole repeated sequence; the first axis varies slowest.
 */
export interface ScanPlan {
  readonly origin: Origin;
  /** Number of runs, repeats included. */
  readonly runs: number;
  readonly repeat: number;
  readonly axes: readonly {
    readonly name: string;
    readonly length: number;
    readonly unit?: string;
    readonly label?: string;
  }[];
  readonly defaultState: ConfigMap;
  /** update(default, init with calibrations). */
  readonly startState: ConfigMap;
  /** Which repeat of the sequence a run belongs to. */
  repeatOf(run: number): number;
  /** Overlay of all axes' template defaults, then the axes' patches in order. */
  patch(run: number): ConfigMap;
  /** The whole configuration of a run: update(start state, patch). Shares unchanged subtrees with the start state. */
  state(run: number): ConfigMap;
  /** diff(state of run − 1 (start state for run 0), state of run), undefined where nothing changes. */
  send(run: number): ConfigMap | undefined;
  /** Column name → value of every axis. */
  axisValues(run: number): ReadonlyMap<string, Scalar>;
  /** Run key: hash of everything that decides what is measured (full configuration, repeat, board), hex. */
  key(run: number): string;
  /** The same, measured on another board; undefined: without the name of one. */
  keyOn(board: string | undefined, run: number): string;
}
