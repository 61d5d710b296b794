import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import type { TableReader } from '../domain/table/reader.js';
import { channelTypes } from './data/channels.js';
import { deviation, mean } from './math/statistics.js';
import { noiseFromEvents } from './pedestal/from-events.js';
import { noiseFromSummary } from './pedestal/from-summary.js';
import { flagChannels, type ChannelNoise, type Flag } from './pedestal/noise.js';
import { plotTitle } from './plots/axes.js';
import { byChannelPlot, distributionPlot } from './plots/by-channel.js';
import { channelMap } from './plots/channel-map.js';

/**
 * Pedestal and noise of every channel; with single events (mode full) also without common mode. Dead and noisy
 * channels are flagged. Parameters: `dead` (default 0.3, part of the chip's median noise), `noisy` (default 5, robust
 * deviations above it).
 */
export class Pedestal implements Analysis {
  private readonly limits: { dead: number; noisy: number };

  constructor(parameters: ConfigMap) {
    this.limits = readParameters(shippedParameters.pedestal, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['pedestal', 'noise', 'pedestal_map', 'noise_map', 'distribution'];
    return { summary: 'pedestal.csv', plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]) };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const channels = context.mode === 'full' ? await noiseFromEvents(table) : await noiseFromSummary(table);
    const flags = flagChannels(channels, this.limits);
    channels.forEach(({ chip, type, channel, noise }, i) => {
      const flag = flags[i];
      if (flag === undefined) return;
      context.log.warn(`chip ${chip}, type ${type}, channel ${channel} is ${flag}: noise ${noise.toFixed(2)} counts`);
    });
    await context.csv('pedestal.csv', toCsv(channels, flags));
    await drawPlots(table, context, channels, flags);
  }
}

function toCsv(channels: readonly ChannelNoise[], flags: readonly (Flag | undefined)[]): CsvColumn[] {
  const column = (name: string, value: (channel: ChannelNoise) => number): CsvColumn => {
    return { name, values: channels.map(value) };
  };
  return [
    column('chip', (channel) => channel.chip),
    column('channeltype', (channel) => channel.type),
    column('channel', (channel) => channel.channel),
    column('pedestal', (channel) => channel.pedestal),
    column('noise', (channel) => channel.noise),
    column('noise_without_common_mode', (channel) => channel.noiseWithoutCommonMode),
    { name: 'flag', values: flags.map((flag) => flag ?? '') },
  ];
}

async function drawPlots(
  table: TableReader,
  context: AnalysisContext,
  channels: readonly ChannelNoise[],
  flags: readonly (Flag | undefined)[],
): Promise<void> {
  const normal = channels.filter(({ type }) => type === channelTypes.channel);
  const pedestals = normal.map((channel) => ({ ...channel, value: channel.pedestal, error: channel.noise }));
  const level = normal.map(({ pedestal }) => pedestal);
  const spread = `pedestals ${mean(level).toFixed(1)} ± ${deviation(level).toFixed(1)} counts over the board`;
  const flagged = flags.filter((flag) => flag !== undefined).length;
  const note = `${flagged} channels flagged (framed)`;
  const map = (value: (channel: ChannelNoise) => number, title: string) => ({
    title,
    cells: channels.map((channel, i) => ({ ...channel, value: value(channel), flag: flags[i] })),
  });
  const pedestalMap = map((channel) => channel.pedestal, 'pedestal [ADC counts]');
  const noiseMap = map((channel) => channel.noise, 'noise [ADC counts]');
  await context.plot(
    'pedestal',
    byChannelPlot(pedestals, 'pedestal [ADC counts]', plotTitle('Pedestal, bars: noise', table, [spread])),
  );
  await context.plot('noise', byChannelPlot(noiseSeries(normal), 'noise [ADC counts]', plotTitle('Noise', table)));
  await context.plot('pedestal_map', channelMap(pedestalMap, plotTitle('Pedestal by channel', table, [spread])));
  await context.plot('noise_map', channelMap(noiseMap, plotTitle('Noise by channel', table, [note])));
  const distribution = distributionPlot(
    pedestals,
    'pedestal [ADC counts]',
    plotTitle('Distribution of pedestals', table, [spread]),
  );
  await context.plot('distribution', distribution);
}

/** Noise as measured and, where there are single events, without common mode. */
function noiseSeries(channels: readonly ChannelNoise[]) {
  return channels.flatMap((channel) => [
    { ...channel, value: channel.noise, group: 'as measured' },
    { ...channel, value: channel.noiseWithoutCommonMode, group: 'without common mode' },
  ]);
}
