import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import type { TableReader } from '../domain/table/reader.js';
import { DatenraffinerieError } from '../domain/errors.js';
import { columnsOver } from './data/csv-columns.js';
import { channelTypes } from './data/channels.js';
import { conditionColumns, firstCondition, placeText } from './data/shown.js';
import { warnAll } from './data/sound-rows.js';
import { deviation, mean } from './math/statistics.js';
import { commonModeTable, oscillation } from './pedestal/common-mode-table.js';
import { noiseFromEvents } from './pedestal/from-events.js';
import { noiseFromSummary } from './pedestal/from-summary.js';
import { flagChannels, type ChannelNoise, type Flag, type FlagLimits } from './pedestal/noise.js';
import { plotTitle } from './plots/axes.js';
import { byChannelPlot, distributionPlot } from './plots/by-channel.js';
import { channelMap } from './plots/channel-map.js';

/**
 * Pedestal and noise of every channel with their errors, under every condition that was scanned; with single events
 * (mode full) also without common mode, and the common mode of every half. Dead, noisy and corrupt channels are flagged.
 */
export class Pedestal implements Analysis {
  private readonly limits: FlagLimits & { readonly max_corruption: number };

  constructor(parameters: ConfigMap) {
    this.limits = readParameters(shippedParameters.pedestal, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['pedestal', 'noise', 'pedestal_map', 'noise_map', 'distribution'];
    return {
      summary: 'pedestal.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      common_mode: 'common_mode.csv',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const { channels, commonModes, notes } =
      context.mode === 'full'
        ? await noiseFromEvents(table)
        : await noiseFromSummary(table, this.limits.max_corruption);
    warnAll(context, notes);
    if (channels.length === 0) throw noPedestals();
    const flags = flagChannels(channels, this.limits);
    channels.forEach((channel, i) => warnOf(channel, flags[i], context));
    await context.csv('pedestal.csv', toCsv(channels, flags));
    await context.csv('common_mode.csv', commonModeTable(commonModes));
    warnAll(context, commonModes.flatMap(oscillation));
    await drawPlots(
      table,
      context,
      channels.map((channel, i) => ({ ...channel, flag: flags[i] })),
      notes,
    );
  }
}

function warnOf(channel: ChannelNoise, flag: Flag | undefined, { log }: AnalysisContext): void {
  if (flag === undefined) return;
  const noise = Number.isNaN(channel.noise) ? '' : `: noise ${channel.noise.toFixed(2)} counts`;
  log.warn(`${placeText(channel, `type ${channel.type}`)} is ${flag}${noise}`);
}

function toCsv(channels: readonly ChannelNoise[], flags: readonly (Flag | undefined)[]): CsvColumn[] {
  const column = columnsOver(channels);
  return [
    column('chip', (channel) => channel.chip),
    column('channeltype', (channel) => channel.type),
    column('channel', (channel) => channel.channel),
    ...conditionColumns(channels),
    column('pedestal', (channel) => channel.pedestal, 'ADC counts'),
    column('noise', (channel) => channel.noise, 'ADC counts'),
    column('noise_without_common_mode', (channel) => channel.noiseWithoutCommonMode, 'ADC counts'),
    { name: 'flag', values: flags.map((flag) => flag ?? '') },
    column('pedestal_error', (channel) => channel.pedestalError, 'ADC counts'),
    column('noise_error', (channel) => channel.noiseError, 'ADC counts'),
    column('common_mode_slope', (channel) => channel.commonModeSlope),
    column('common_mode_slope_error', (channel) => channel.commonModeSlopeError),
  ];
}

type FlaggedChannel = ChannelNoise & { readonly flag: Flag | undefined };

async function drawPlots(
  table: TableReader,
  context: AnalysisContext,
  channels: readonly FlaggedChannel[],
  leftOut: readonly string[],
): Promise<void> {
  const { shown, notes } = firstCondition(channels);
  const normal = shown.filter(({ type, flag }) => type === channelTypes.channel && flag !== 'corrupt');
  const pedestals = normal.map((channel) => ({ ...channel, value: channel.pedestal, error: channel.noise }));
  const level = normal.map(({ pedestal }) => pedestal);
  const spread = `pedestals ${mean(level).toFixed(1)}, spread ${deviation(level).toFixed(1)} counts over the board`;
  const title = (text: string, ...more: string[]) => plotTitle(text, table, [...more, ...notes, ...leftOut]);
  const flagged = `${shown.filter(({ flag }) => flag !== undefined).length} channels flagged (framed)`;
  const map = (value: (channel: ChannelNoise) => number, name: string) => {
    return { title: name, cells: shown.map((channel) => ({ ...channel, value: value(channel) })) };
  };
  const pedestalMap = map((channel) => channel.pedestal, 'pedestal [ADC counts]');
  const noiseMap = map((channel) => channel.noise, 'noise [ADC counts]');
  const axis = 'pedestal [ADC counts]';
  await context.plot('pedestal', byChannelPlot(pedestals, axis, title('Pedestal, bars: noise', spread)));
  await context.plot(
    'noise',
    byChannelPlot(noiseSeries(normal), 'noise [ADC counts]', title('Noise, bars: its error')),
  );
  await context.plot('pedestal_map', channelMap(pedestalMap, title('Pedestal by channel', spread)));
  await context.plot('noise_map', channelMap(noiseMap, title('Noise by channel', flagged)));
  await context.plot('distribution', distributionPlot(pedestals, axis, title('Distribution of pedestals', spread)));
}

function noPedestals(): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', 'no row of the table is a pedestal: charge was injected into all', {
    remedy: 'analyse a run without injection: HighRange and LowRange 0, or Calib 0',
  });
}

/** Noise as measured and, where there are single events, without common mode. */
function noiseSeries(channels: readonly ChannelNoise[]) {
  return channels.flatMap((channel) => [
    { ...channel, value: channel.noise, error: channel.noiseError, group: 'as measured' },
    { ...channel, value: channel.noiseWithoutCommonMode, group: 'without common mode' },
  ]);
}
