import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import type { TableReader } from '../domain/table/reader.js';
import { columnsOver } from './data/csv-columns.js';
import { channelTypes } from './data/channels.js';
import { chargePerStep, fullScaleOf } from './data/charge.js';
import { conditionText } from './data/scanned.js';
import { conditionColumns, firstCondition } from './data/shown.js';
import { warnAll } from './data/sound-rows.js';
import type { SCurve } from './math/s-curve.js';
import { median } from './math/statistics.js';
import { columnAxis, plotTitle } from './plots/axes.js';
import { byChannelPlot, distributionPlot } from './plots/by-channel.js';
import { channelMap } from './plots/channel-map.js';
import { efficiencyMap, maxConditions } from './thresholds/plots.js';
import { readThresholds, type ThresholdOptions, type ThresholdScan, type Transition } from './thresholds/scan.js';

/**
 * S-curves of the ToA discriminators: threshold and noise of every channel, by error-function fits of the efficiency
 * along `Toa_vref` or `Calib`. Parameters: `axis` (default: which of the two has more points).
 */
export class ToaThresholdScan implements Analysis {
  private readonly options: ThresholdOptions & { readonly calib_full_scale: number };

  constructor(parameters: ConfigMap) {
    this.options = readParameters(shippedParameters.toa_threshold_scan, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['s_curves', 'threshold', 'noise', 'distribution', 'threshold_map'];
    return { summary: 'toa_threshold_scan.csv', plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]) };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const scan = await readThresholds(table, this.options);
    warnAll(context, scan.notes);
    const normal = scan.transitions.filter(({ type }) => type === channelTypes.channel);
    const without = normal.filter(({ fit }) => fit === undefined).length;
    context.log.info(`S-curves along ${scan.axis}: ${normal.length}, of which ${without} do not pass one half`);
    await context.csv('toa_threshold_scan.csv', toCsv(scan, fullScaleOf(scan.axis, this.options)));
    await drawPlots(scan, table, context, `${normal.length - without} of ${normal.length} curves pass one half`);
  }
}

function toCsv({ axis, transitions }: ThresholdScan, fullScale: number): CsvColumn[] {
  const charge = ({ capacitance }: Transition): number => chargePerStep(capacitance, fullScale);
  const column = columnsOver(transitions);
  return [
    column('chip', (transition) => transition.chip),
    column('channeltype', (transition) => transition.type),
    column('channel', (transition) => transition.channel),
    ...conditionColumns(transitions),
    column(`threshold_${axis}`, ({ fit }) => fit?.threshold, 'DAC steps'),
    column('threshold_error', ({ fit }) => fit?.thresholdError, 'DAC steps'),
    column(`noise_${axis}`, ({ fit }) => fit?.noise, 'DAC steps'),
    column('noise_error', ({ fit }) => fit?.noiseError, 'DAC steps'),
    column('chi2_per_ndf', ({ fit }) => fit?.chi2PerNdf),
    column('rises', ({ fit }) => (fit === undefined ? undefined : Number(fit.direction === 1))),
    column('threshold_fC', (each) => (each.fit?.threshold ?? NaN) * charge(each), 'fC'),
    column('noise_fC', (each) => (each.fit?.noise ?? NaN) * charge(each), 'fC'),
  ];
}

async function drawPlots(
  { axis, transitions, notes: leftOut }: ThresholdScan,
  table: TableReader,
  context: AnalysisContext,
  note: string,
): Promise<void> {
  const x = columnAxis(table, axis, `${axis} [DAC steps]`);
  const { shown, notes } = firstCondition(transitions);
  const title = (text: string, ...more: string[]): Record<string, unknown> =>
    plotTitle(text, table, [note, ...more, ...leftOut]);
  const points = (value: (fit: SCurve) => number, error: (fit: SCurve) => number) =>
    shown.flatMap(({ chip, type, channel, fit }) =>
      type === channelTypes.channel && fit !== undefined
        ? [{ chip, channel, value: value(fit), error: error(fit) }]
        : [],
    );
  const thresholds = points(
    ({ threshold }) => threshold,
    ({ thresholdError }) => thresholdError,
  );
  const noise = points(
    (fit) => fit.noise,
    ({ noiseError }) => noiseError,
  );
  const unit = `threshold [steps of ${axis}]`;
  await context.plot('s_curves', efficiencyMap(transitions, x, title('ToA efficiency', ...drawnNotes(transitions))));
  await context.plot('threshold', byChannelPlot(thresholds, unit, title('ToA threshold by channel', ...notes)));
  const sharp = 'none where the transition is sharper than the steps of the scan';
  const noiseTitle = title('Noise at the threshold', sharp, ...notes);
  await context.plot('noise', byChannelPlot(noise, `noise [steps of ${axis}]`, noiseTitle));
  const distribution = title('Distribution of the ToA thresholds', ...notes);
  await context.plot('distribution', distributionPlot(thresholds, unit, distribution));
  const usual = median(shown.flatMap(({ fit }) => (fit === undefined ? [] : [fit.threshold])));
  const cells = shown.map((transition) => ({ ...transition, value: transition.fit?.threshold ?? NaN }));
  const mapTitle = title('ToA threshold by channel', `median ${usual.toFixed(1)}`, ...notes);
  await context.plot('threshold_map', channelMap({ title: unit, cells: cells.map(cellOf) }, mapTitle));
}

function cellOf({ chip, type, channel, value }: Transition & { readonly value: number }) {
  return { chip, type, channel, value };
}

function drawnNotes(transitions: readonly Transition[]): string[] {
  const count = new Set(transitions.map(({ condition }) => conditionText(condition))).size;
  return count > maxConditions ? [`shown: the first ${maxConditions} of ${count} conditions`] : [];
}
