/**
 * Room: efficiency against threshold, and its plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain, domain/analysis, domain/table.
 */

import { DatenraffinerieError } from '../../domain/errors.js';
import type { TableReader } from '../../domain/table/reader.js';
import { distinct, groupByChannel } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';
import { fitSCurve, type SCurve } from '../math/s-curve.js';

/** Columns that a threshold scan may move: along one of them the S-curve is measured, the others are its condition. */
const movable = ['Toa_vref', 'Calib', 'trim_toa'] as const;
/** Those along which a ToA threshold shows. */
const possibleAxes: readonly string[] = ['Toa_vref', 'Calib'];

/** The efficiency of one channel along the scanned axis, under one condition. */
export interface Transition {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  /** Values of the other columns that the scan moves, by name. */
  readonly condition: Readonly<Record<string, number>>;
  readonly x: readonly number[];
  readonly efficiency: readonly number[];
  readonly fit: SCurve | undefined;
}

export interface ThresholdScan {
  readonly axis: string;
  readonly transitions: readonly Transition[];
}

/** Reads a summary table and fits an S-curve per channel and condition; without `axis` along what it moves most finely. */
export async function readThresholds(table: TableReader, axis: string | undefined): Promise<ThresholdScan> {
  const required = ['chip', 'channel', 'channeltype', 'toa_efficiency', 'toa_efficiency_error'];
  const columns = await readNumbers(table, axis === undefined ? required : [...required, axis], movable);
  const moved = movable.filter((name) => columns.has(name) && distinct(columns.get(name)).length > 1);
  const along = axis ?? finest(columns, moved);
  const conditions = moved.filter((name) => name !== along);
  const transitions = groupByChannel(columns).flatMap(({ chip, type, channel, rows }) =>
    splitByCondition(columns, rows, conditions).map((part) => {
      return { chip, type, channel, condition: part.condition, ...curveOf(columns, part.rows, along) };
    }),
  );
  return { axis: along, transitions };
}

function finest(columns: Numbers, moved: readonly string[]): string {
  const points = (name: string): number => distinct(columns.get(name)).length;
  const candidates = moved.filter((name) => possibleAxes.includes(name)).sort((a, b) => points(b) - points(a));
  if (candidates[0] !== undefined) return candidates[0];
  throw new DatenraffinerieError('AnalysisError', 'the table scans neither Toa_vref nor Calib', {
    remedy: 'scan one of them in steps of about the noise, and keep it in data_columns',
  });
}

function splitByCondition(
  columns: Numbers,
  rows: readonly number[],
  names: readonly string[],
): { condition: Record<string, number>; rows: number[] }[] {
  const parts = new Map<string, { condition: Record<string, number>; rows: number[] }>();
  for (const row of rows) {
    const condition = Object.fromEntries(names.map((name) => [name, columns.get(name)[row]]));
    const key = JSON.stringify(condition);
    const part = parts.get(key);
    if (part === undefined) parts.set(key, { condition, rows: [row] });
    else part.rows.push(row);
  }
  return [...parts.values()];
}

/** Points in the order of x; several measurements of one point are averaged. */
function curveOf(
  columns: Numbers,
  rows: readonly number[],
  axis: string,
): Pick<Transition, 'x' | 'efficiency' | 'fit'> {
  const [along, efficiencies, errors] = [axis, 'toa_efficiency', 'toa_efficiency_error'].map((name) =>
    columns.get(name),
  );
  const byX = new Map<number, number[]>();
  for (const row of rows) byX.set(along[row], [...(byX.get(along[row]) ?? []), row]);
  const sorted = [...byX].sort(([a], [b]) => a - b);
  const x = sorted.map(([at]) => at);
  const efficiency = sorted.map(([, same]) => same.reduce((sum, row) => sum + efficiencies[row], 0) / same.length);
  const error = sorted.map(([, same]) => Math.hypot(...same.map((row) => errors[row])) / same.length);
  return { x, efficiency, fit: fitSCurve(x, efficiency, error) };
}

/** The condition as people read it: `Calib 200`; empty where the scan moves nothing else. */
export function conditionText({ condition }: Transition): string {
  return Object.entries(condition)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
