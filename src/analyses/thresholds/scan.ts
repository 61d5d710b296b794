/**
 * Room: efficiency against threshold, and its plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain, domain/analysis, domain/table.
 */

import { DatenraffinerieError } from '../../domain/errors.js';
import type { TableReader } from '../../domain/table/reader.js';
import { groupByChannel, type ChannelRows } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';
import { capacitanceAt } from '../data/charge.js';
import { injectionSwitches } from '../data/injection.js';
import { conditionsIn, readScanned, splitByCondition, type Condition } from '../data/scanned.js';
import { soundRows } from '../data/sound-rows.js';
import { fitSCurve, type SCurve } from '../math/s-curve.js';

/** Columns of which a threshold depends: they come first where several follow from one axis of the scan. */
const movable = ['Toa_vref', 'Calib', 'trim_toa'] as const;
/** Channels that are looked at for what the scan moves. */
const sampledChannels = 300;
/** Those along which a ToA threshold shows. */
const possibleAxes = ['Toa_vref', 'Calib'] as const;

/** The efficiency of one channel along the scanned axis, under one condition. */
export interface Transition {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly condition: Condition;
  readonly x: readonly number[];
  readonly efficiency: readonly number[];
  /** pF that the charge comes through; NaN where the table does not tell. */
  readonly capacitance: number;
  readonly fit: SCurve | undefined;
}

export interface ThresholdScan {
  readonly axis: string;
  readonly transitions: readonly Transition[];
  /** What was left out, for people. */
  readonly notes: readonly string[];
}

export interface ThresholdOptions {
  /** Column along which the efficiency rises; left out: the one of which a channel has more values. */
  readonly axis: string | undefined;
  /** Largest share of corrupt events of a row that counts. */
  readonly max_corruption: number;
}

/** Reads a summary table and fits an S-curve per channel and condition. */
export async function readThresholds(table: TableReader, options: ThresholdOptions): Promise<ThresholdScan> {
  const required = ['chip', 'channel', 'channeltype', 'toa_efficiency', 'toa_efficiency_error'];
  const axes = options.axis === undefined ? [] : [options.axis];
  const columns = await readNumbers(
    table,
    [...required, ...axes],
    [...possibleAxes, 'corruption', ...injectionSwitches],
  );
  const { isSound, notes } = soundRows(columns, options.max_corruption);
  const groups = groupByChannel(columns, isSound);
  const axis = options.axis ?? finest(columns, groups);
  const along = columns.get(axis);
  const conditions = conditionsIn(groups, [along], await readScanned(table, [axis], movable));
  const pF = capacitanceAt(columns);
  const transitions = groups.flatMap(({ chip, type, channel, rows }) =>
    splitByCondition(rows, conditions).map((part) => {
      return {
        chip,
        type,
        channel,
        condition: part.condition,
        capacitance: pF(part.rows[0]),
        ...curveOf(columns, part.rows, axis),
      };
    }),
  );
  return { axis, transitions, notes };
}

/** What a channel was measured at most values of: those that differ between channels alone say nothing. */
function finest(columns: Numbers, groups: readonly ChannelRows[]): string {
  const points = (name: string): number => {
    const values = columns.get(name);
    return Math.max(
      0,
      ...groups.slice(0, sampledChannels).map(({ rows }) => new Set(rows.map((row) => values[row])).size),
    );
  };
  const counted = possibleAxes.filter((name) => columns.has(name)).map((name) => ({ name, points: points(name) }));
  const [best] = counted.filter((each) => each.points > 1).sort((a, b) => b.points - a.points);
  if (best !== undefined) return best.name;
  throw new DatenraffinerieError('AnalysisError', 'the table scans neither Toa_vref nor Calib', {
    remedy: 'scan one of them in steps of about the noise, and keep it in data_columns',
  });
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
