import type { TableReader } from '../../domain/table/reader.js';
import { groupByChannel, type ChannelRows } from '../data/channels.js';
import { readNumbers, type Numbers } from '../data/columns.js';
import { injectedAt, injectionColumns } from '../data/injection.js';
import { eventsOfRows } from '../data/run-events.js';
import { conditionsIn, readScanned, splitByCondition, type ConditionRows } from '../data/scanned.js';
import { soundRows } from '../data/sound-rows.js';
import { mean } from '../math/statistics.js';
import { corruptChannel, withoutEvents, type ChannelNoise, type NoiseOfBoard } from './noise.js';

/**
 * Pedestals and noise from the statistics of runs, of every condition apart; several runs of a channel under one
 * condition are averaged. Rows of corrupt halves and of injected channels are left out.
 * @param corruption largest share of corrupt events of a row that counts
 */
export async function noiseFromSummary(table: TableReader, corruption: number): Promise<NoiseOfBoard> {
  const required = ['chip', 'channel', 'channeltype', 'adc_mean', 'adc_stdd'];
  const columns = await readNumbers(table, required, ['corruption', ...injectionColumns]);
  const { isSound, notes } = soundRows(columns, corruption);
  const isInjected = injectedAt(columns);
  const quiet = groupByChannel(columns, (row) => !isInjected(row));
  const injected = columns.rows - quiet.reduce((sum, { rows }) => sum + rows.length, 0);
  const conditions = conditionsIn(quiet, [], await readScanned(table, []));
  const events = eventsOfRows(table);
  const channels = quiet.flatMap((group) =>
    splitByCondition(group.rows, conditions).map((part) => {
      const rows = part.rows.filter(isSound);
      return rows.length === 0
        ? corruptChannel(group, part.condition)
        : noiseOf(columns, group, { ...part, rows }, events);
    }),
  );
  const pulsed = injected === 0 ? [] : [`${injected} of ${columns.rows} rows left out: charge was injected`];
  return { channels, commonModes: [], notes: [...notes, ...pulsed] };
}

function noiseOf(
  columns: Numbers,
  { chip, type, channel }: ChannelRows,
  { condition, rows }: ConditionRows,
  eventsAt: (row: number) => number,
): ChannelNoise {
  const [means, deviations] = [columns.get('adc_mean'), columns.get('adc_stdd')];
  const events = rows.reduce((sum, row) => sum + eventsAt(row), 0);
  const noise = Math.sqrt(mean(rows.map((row) => deviations[row] ** 2)));
  return {
    ...{ chip, type, channel, condition, noise },
    pedestal: mean(rows.map((row) => means[row])),
    pedestalError: noise / Math.sqrt(events),
    noiseError: noise / Math.sqrt(2 * events),
    ...withoutEvents,
  };
}
