import type { AnalysisContext, CsvColumn } from '../../domain/analysis/interface.js';
import type { TableReader } from '../../domain/table/reader.js';
import { columnsOver } from '../data/csv-columns.js';
import { channelTypes } from '../data/channels.js';
import { deviation } from '../math/statistics.js';
import { plotTitle } from '../plots/axes.js';
import { byChannelPlot, distributionPlot } from '../plots/by-channel.js';
import { channelMap } from '../plots/channel-map.js';
import type { Equalisation } from './equalise.js';

/** How a calibration speaks of what it equalises. */
export interface Wording {
  /** `pedestal`, `ToA threshold`. */
  readonly quantity: string;
  /** `ADC counts`, `DAC steps`. */
  readonly unit: string;
  readonly trim: string;
}

/** One row per channel: before, after (expected), trim. */
export function equalisationTable({ channels, target }: Equalisation, unit: string): CsvColumn[] {
  const column = columnsOver(channels);
  return [
    column('chip', (channel) => channel.chip),
    column('channeltype', (channel) => channel.type),
    column('channel', (channel) => channel.channel),
    column('before', (channel) => channel.before, unit),
    column('expected_after', (channel) => channel.after, unit),
    column('target', () => target, unit),
    column('trim', (channel) => channel.trim, 'steps'),
    column('change_per_trim_step', (channel) => channel.slope, `${unit} per step`),
    column('reached', (channel) => String(channel.reached)),
  ];
}

/** Spread over the normal channels, before and as expected. */
export function spreads({ channels }: Equalisation): { before: number; after: number } {
  const normal = channels.filter(({ type }) => type === channelTypes.channel);
  return {
    before: deviation(normal.map(({ before }) => before)),
    after: deviation(normal.map(({ after }) => after)),
  };
}

/** Plots `before_after`, `distribution` and `trim_map`. */
export async function drawEqualisation(
  result: Equalisation,
  table: TableReader,
  context: AnalysisContext,
  { quantity, unit, trim }: Wording,
): Promise<void> {
  const normal = result.channels.filter(({ type }) => type === channelTypes.channel);
  const { before, after } = spreads(result);
  const note = `spread ${before.toFixed(2)} → ${after.toFixed(2)} ${unit} (expected), target ${result.target.toFixed(1)}`;
  const points = normal.flatMap((channel) => [
    { ...channel, value: channel.before, group: 'before' },
    { ...channel, value: channel.after, group: 'after (expected)' },
  ]);
  const axis = `${quantity} [${unit}]`;
  const title = (text: string): Record<string, unknown> => plotTitle(text, table, [note]);
  await context.plot('before_after', byChannelPlot(points, axis, title(`Calibration of the ${quantity}`)));
  await context.plot('distribution', distributionPlot(points, axis, title(`Distribution of the ${quantity}`)));
  const cells = result.channels.map((channel) => {
    return { ...channel, value: channel.trim ?? NaN, flag: channel.reached ? undefined : 'out of reach' };
  });
  const mapTitle = plotTitle(`${trim} by channel`, table, ['framed: the target is out of reach']);
  await context.plot('trim_map', channelMap({ title: trim, cells }, mapTitle));
}
