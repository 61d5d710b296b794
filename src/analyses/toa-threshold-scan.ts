import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import type { TableReader } from '../domain/table/reader.js';
import { channelTypes } from './data/channels.js';
import { median } from './math/statistics.js';
import { columnAxis, plotTitle } from './plots/axes.js';
import { byChannelPlot, distributionPlot } from './plots/by-channel.js';
import { channelMap } from './plots/channel-map.js';
import { efficiencyMap } from './thresholds/plots.js';
import { conditionText, readThresholds, type ThresholdScan, type Transition } from './thresholds/scan.js';

/**
 * S-curves of the ToA discriminators: threshold and noise of every channel, by error-function fits of the efficiency
 * along `Toa_vref` or `Calib`. Parameters: `axis` (default: which of the two has more points).
 */
export class ToaThresholdScan implements Analysis {
  private readonly axis: string | undefined;

  constructor(parameters: ConfigMap) {
    ({ axis: this.axis } = readParameters(shippedParameters.toa_threshold_scan, parameters));
  }

  output(): AnalysisOutputs {
    const plots = ['s_curves', 'threshold', 'noise', 'distribution', 'threshold_map'];
    return { summary: 'toa_threshold_scan.csv', plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]) };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const scan = await readThresholds(table, this.axis);
    const normal = scan.transitions.filter(({ type }) => type === channelTypes.channel);
    const without = normal.filter(({ fit }) => fit === undefined).length;
    context.log.info(`S-curves along ${scan.axis}: ${normal.length}, of which ${without} do not pass one half`);
    await context.csv('toa_threshold_scan.csv', toCsv(scan));
    await drawPlots(scan, table, context, `${normal.length - without} of ${normal.length} curves pass one half`);
  }
}

function toCsv({ axis, transitions }: ThresholdScan): CsvColumn[] {
  const column = (name: string, value: (transition: Transition) => number | undefined): CsvColumn => {
    return { name, values: transitions.map((transition) => value(transition) ?? NaN) };
  };
  return [
    column('chip', (transition) => transition.chip),
    column('channeltype', (transition) => transition.type),
    column('channel', (transition) => transition.channel),
    ...Object.keys(transitions[0]?.condition ?? {}).map((name) => column(name, ({ condition }) => condition[name])),
    column(`threshold_${axis}`, ({ fit }) => fit?.threshold),
    column('threshold_error', ({ fit }) => fit?.thresholdError),
    column(`noise_${axis}`, ({ fit }) => fit?.noise),
    column('noise_error', ({ fit }) => fit?.noiseError),
    column('chi2_per_ndf', ({ fit }) => fit?.chi2PerNdf),
    column('rises', ({ fit }) => (fit === undefined ? undefined : Number(fit.direction === 1))),
  ];
}

async function drawPlots(
  { axis, transitions }: ThresholdScan,
  table: TableReader,
  context: AnalysisContext,
  note: string,
): Promise<void> {
  const x = columnAxis(table, axis, `${axis} [DAC steps]`);
  const title = (text: string, ...more: string[]): Record<string, unknown> => plotTitle(text, table, [note, ...more]);
  const normal = transitions.filter(({ type, fit }) => type === channelTypes.channel && fit !== undefined);
  const points = (value: (transition: Transition) => number, error: (transition: Transition) => number) =>
    normal.map((transition) => {
      const group = conditionText(transition);
      const point = { chip: transition.chip, channel: transition.channel, value: value(transition) };
      return { ...point, error: error(transition), ...(group === '' ? {} : { group }) };
    });
  const thresholds = points(
    ({ fit }) => fit?.threshold ?? NaN,
    ({ fit }) => fit?.thresholdError ?? NaN,
  );
  const noise = points(
    ({ fit }) => fit?.noise ?? NaN,
    ({ fit }) => fit?.noiseError ?? NaN,
  );
  const unit = `threshold [steps of ${axis}]`;
  await context.plot('s_curves', efficiencyMap(transitions, x, title('ToA efficiency')));
  await context.plot('threshold', byChannelPlot(thresholds, unit, title('ToA threshold by channel')));
  const sharp = 'none where the transition is sharper than the steps of the scan';
  await context.plot('noise', byChannelPlot(noise, `noise [steps of ${axis}]`, title('Noise at the threshold', sharp)));
  await context.plot('distribution', distributionPlot(thresholds, unit, title('Distribution of the ToA thresholds')));
  await context.plot('threshold_map', channelMap(...mapOf(transitions, unit, table)));
}

/** The condition under which most channels have a threshold, as a map. */
function mapOf(transitions: readonly Transition[], unit: string, table: TableReader): Parameters<typeof channelMap> {
  const counts = new Map<string, number>();
  for (const transition of transitions) {
    const found = transition.fit === undefined ? 0 : 1;
    counts.set(conditionText(transition), (counts.get(conditionText(transition)) ?? 0) + found);
  }
  const [best] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [''];
  const shown = transitions.filter((transition) => conditionText(transition) === best);
  const usual = median(shown.flatMap(({ fit }) => (fit === undefined ? [] : [fit.threshold])));
  const cells = shown.map(({ chip, type, channel, fit }) => ({ chip, type, channel, value: fit?.threshold ?? NaN }));
  const notes = [best, `median ${usual.toFixed(1)}`].filter((text) => text !== '');
  return [{ title: unit, cells }, plotTitle('ToA threshold by channel', table, notes)];
}
