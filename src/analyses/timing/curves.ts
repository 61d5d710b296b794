/**
 * Room: time of arrival and over threshold against charge, and their plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';
import { channelTypes, groupByChannel } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';

/** ToA counts from 0 to 1023 within a bunch crossing of 25 ns, and begins anew. */
export const toaRange = 1024;
const bunchCrossing = 25;
/** ns per count. */
export const toaUnit = bunchCrossing / toaRange;

/** So many of a run's events must have a ToA for its mean to be used. */
const fullEfficiency = 0.95;
/** A larger deviation (in counts) means that the hits lie on both sides of the end of the range: their mean says nothing. */
const wrapped = 100;

export interface TimePoint {
  readonly dac: number;
  readonly phase: number;
  /** ToA in counts, 0 … 1023. */
  readonly toa: number;
  /** Standard deviation of the single hit, counts; NaN where the hits lie around the end of the range. */
  readonly jitter: number;
}

/** The times of arrival that a channel measured. */
export interface TimedChannel {
  readonly chip: number;
  readonly channel: number;
  readonly points: readonly TimePoint[];
}

/** Points with full efficiency, of channels that have any; of injected channels only, where the table says which. */
export async function readTimes(table: TableReader, dac: string, phase: string): Promise<TimedChannel[]> {
  const statistics = ['toa_mean', 'toa_stdd', 'toa_median', 'toa_efficiency'];
  const required = ['chip', 'channel', 'channeltype', ...statistics, dac];
  const columns = await readNumbers(table, required, [phase, 'HighRange', 'LowRange']);
  const efficiency = columns.get('toa_efficiency');
  const type = columns.get('channeltype');
  const usable = (row: number): boolean =>
    type[row] === channelTypes.channel && efficiency[row] >= fullEfficiency && isInjected(columns, row);
  return groupByChannel(columns, usable).map(({ chip, channel, rows }) => {
    return { chip, channel, points: rows.map((row) => pointAt(columns, row, dac, phase)) };
  });
}

function isInjected(columns: Numbers, row: number): boolean {
  const switches = ['HighRange', 'LowRange'].filter((name) => columns.has(name));
  return switches.length === 0 || switches.some((name) => columns.get(name)[row] > 0);
}

function pointAt(columns: Numbers, row: number, dac: string, phase: string): TimePoint {
  return {
    dac: columns.get(dac)[row],
    phase: columns.has(phase) ? columns.get(phase)[row] : 0,
    ...timeAt(columns, row),
  };
}

/** Mean and deviation of the hits alone: the table's take events without a ToA as 0. */
function timeAt(columns: Numbers, row: number): Pick<TimePoint, 'toa' | 'jitter'> {
  const [mean, deviation, efficiency] = ['toa_mean', 'toa_stdd', 'toa_efficiency'].map(
    (name) => columns.get(name)[row],
  );
  const toa = mean / efficiency;
  const meanOfSquares = (deviation ** 2 + mean ** 2) / efficiency;
  const jitter = Math.sqrt(Math.max(0, meanOfSquares - toa ** 2));
  return jitter < wrapped ? { toa, jitter } : { toa: columns.get('toa_median')[row], jitter: NaN };
}

/** The difference of two times on the shorter way round: −512 … 512 counts. */
export function around(difference: number): number {
  return difference - toaRange * Math.round(difference / toaRange);
}
