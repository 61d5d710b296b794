import type { TableReader } from '../../domain/table/reader.js';
import { groupByChannel } from '../data/channels.js';
import { readNumbers } from '../data/columns.js';
import { mean } from '../math/statistics.js';
import type { ChannelNoise } from './noise.js';

/** Pedestals and noise from the statistics of runs; several runs of a channel are averaged. */
export async function noiseFromSummary(table: TableReader): Promise<ChannelNoise[]> {
  const columns = await readNumbers(table, ['chip', 'channel', 'channeltype', 'adc_mean', 'adc_stdd']);
  const means = columns.get('adc_mean');
  const deviations = columns.get('adc_stdd');
  return groupByChannel(columns).map(({ chip, type, channel, rows }) => ({
    chip,
    type,
    channel,
    pedestal: mean(rows.map((row) => means[row])),
    noise: Math.sqrt(mean(rows.map((row) => deviations[row] ** 2))),
    noiseWithoutCommonMode: NaN,
  }));
}
