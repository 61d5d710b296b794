/**
 * Room: time of arrival and over threshold against charge, and their plots.
 * May use: analyses/data, analyses/math, analyses/plots, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';
import { channelTypes, groupByChannel } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';
import { hitTime, toaRange } from '../data/hit-time.js';
import { injectedAt, injectionColumns, injectionSwitches, type InjectionOptions } from '../data/injection.js';
import { eventsOfRows } from '../data/run-events.js';
import { conditionsIn, readScanned, splitByCondition, type Condition } from '../data/scanned.js';
import { soundRows } from '../data/sound-rows.js';

const bunchCrossing = 25;
/** ns per count. */
export const toaUnit = bunchCrossing / toaRange;

/** So many of a run's events must have a ToA for its mean to be used. */
const fullEfficiency = 0.95;

export interface TimePoint {
  readonly dac: number;
  readonly phase: number;
  /** ToA in counts, 0 … 1023. */
  readonly toa: number;
  /** Standard deviation of the single hit, counts; NaN where the hits lie around the end of the range. */
  readonly jitter: number;
  /** Of the mean `toa`, counts: jitter/√(hits); NaN where the table does not tell the events. */
  readonly error: number;
}

/** The times of arrival that a channel measured under one condition. */
export interface TimedChannel {
  readonly chip: number;
  readonly channel: number;
  readonly condition: Condition;
  readonly points: readonly TimePoint[];
}

export interface TimedChannels {
  readonly channels: readonly TimedChannel[];
  /** What was left out, for people. */
  readonly notes: readonly string[];
}

/**
 * Points with full efficiency, of channels that have any, every condition apart; of injected channels only, where the
 * table says which. Without charge (amplitude 0) there is no time: what is seen then is the pulse of a neighbour.
 */
export async function readTimes(
  table: TableReader,
  { dac, phase, max_corruption }: InjectionOptions,
): Promise<TimedChannels> {
  const statistics = ['toa_mean', 'toa_stdd', 'toa_median', 'toa_efficiency'];
  const required = ['chip', 'channel', 'channeltype', ...statistics, dac];
  const columns = await readNumbers(table, required, [phase, 'corruption', ...injectionColumns]);
  const { isSound, notes } = soundRows(columns, max_corruption);
  const [type, efficiency, amplitude] = ['channeltype', 'toa_efficiency', dac].map((name) => columns.get(name));
  const isOn = injectionSwitches.some((name) => columns.has(name)) ? injectedAt(columns) : () => true;
  const hasTime = (row: number): boolean =>
    type[row] === channelTypes.channel && efficiency[row] >= fullEfficiency && isSound(row) && isOn(row);
  const groups = groupByChannel(columns, (row) => hasTime(row) && amplitude[row] > 0);
  const used = [amplitude, ...(columns.has(phase) ? [columns.get(phase)] : [])];
  const conditions = conditionsIn(groups, used, await readScanned(table, [dac, phase], injectionSwitches));
  const eventsAt = eventsOfRows(table);
  const channels = groups.flatMap(({ chip, channel, rows }) =>
    splitByCondition(rows, conditions).map((part) => {
      const points = part.rows.map((row) => pointAt(columns, row, { dac, phase }, eventsAt(row)));
      return { chip, channel, condition: part.condition, points };
    }),
  );
  return { channels, notes };
}

function pointAt(
  columns: Numbers,
  row: number,
  { dac, phase }: Pick<InjectionOptions, 'dac' | 'phase'>,
  events: number,
): TimePoint {
  const time = hitTime(columns, row);
  return {
    dac: columns.get(dac)[row],
    phase: columns.has(phase) ? columns.get(phase)[row] : 0,
    ...time,
    // counts are integers: their own width is no less than 1/√12
    error: Math.max(time.jitter, 1 / Math.sqrt(12)) / Math.sqrt(events * columns.get('toa_efficiency')[row]),
  };
}
