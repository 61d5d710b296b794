import { readParameters, type ParameterValues } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { Analysis, AnalysisContext, AnalysisOutputs } from '../domain/analysis/interface.js';
import type { TableReader } from '../domain/table/reader.js';
import { readCurves, silentChips, type Curve } from './injection/curves.js';
import { analyseCurve, type Response } from './injection/fits.js';
import { channelMap, type ChannelMapData } from './plots/channel-map.js';
import { fittedLines, gainPlot, linearityPlot } from './injection/fit-plots.js';
import { groupPlot, phaseMap, responsePlot, shownQuantities } from './injection/plots.js';
import { groupPoints, groupTable, responseTable, type GroupPoint } from './injection/tables.js';
import { fullScaleOf } from './data/charge.js';
import { injectionSwitches } from './data/injection.js';
import { firstCondition, placeText } from './data/shown.js';
import { warnAll } from './data/sound-rows.js';
import { columnAxis, plotTitle } from './plots/axes.js';

/**
 * Charge injected with growing amplitude: response of ADC, ToT and ToA, gain with its error, linearity and saturation
 * per channel, phase and whatever else was scanned (each capacitor apart).
 */
export class InjectionScan implements Analysis {
  private readonly options: ParameterValues<typeof shippedParameters.injection_scan>;

  constructor(parameters: ConfigMap) {
    this.options = readParameters(shippedParameters.injection_scan, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['response', 'channel_types', 'phase_map', 'gain', 'linearity', 'channel_map'];
    return {
      summary: 'injection_scan.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      channel_types: 'channel_types.csv',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const { dac, phase } = this.options;
    const { curves, injectedBy, notes: leftOut } = await readCurves(table, this.options);
    const injected = curves.filter((curve) => curve.injected);
    const notes = [...leftOut, ...silentChips(injected)];
    warnAll(context, notes);
    context.log.info(`${injected.length} curves of injected channels, recognised by ${injectedBy}`);
    if (injected.length === 0) throw noInjection(injectedBy);
    const responses = injected.map((curve) => analyseCurve(curve, this.options.adc_fit_maximum));
    warnOfSuspicious(responses, context, phase, dac);
    await context.csv('injection_scan.csv', responseTable(responses, fullScaleOf(dac, this.options)));
    const first = firstCondition(injected);
    const shown = new Set(first.shown);
    // those without injection are drawn with it: under the same condition, or whatever their capacitor was
    const drawn = curves.filter((curve) => shown.has(curve) || (!curve.injected && isLike(curve, first.shown[0])));
    const quantities = shownQuantities.map(({ quantity }) => quantity);
    const isSuspicious = suspicionOf(responses);
    const points = groupPoints(drawn, quantities, isSuspicious);
    await context.csv('channel_types.csv', groupTable(points, dac, phase));
    const shownResponses = responses.filter(({ curve }) => shown.has(curve));
    await this.draw(
      { curves: drawn, responses: shownResponses, points, isSuspicious, notes: [...first.notes, ...notes] },
      table,
      context,
    );
  }

  private async draw(
    { curves, responses, points, isSuspicious, notes }: Drawn,
    table: TableReader,
    context: AnalysisContext,
  ): Promise<void> {
    const dac = columnAxis(table, this.options.dac, `injected amplitude ${this.options.dac} [DAC steps]`);
    const phase = columnAxis(table, this.options.phase, this.options.phase);
    const best = strongestPhase(points);
    const at = `at ${this.options.phase} ${best}, the phase of the largest ADC response`;
    const title = (text: string, ...more: string[]) => plotTitle(text, table, [...more, ...notes]);
    const injected = responses.map(({ curve }) => curve);
    const crosses = responses.some(({ suspicious }) => suspicious.length > 0) ? [suspiciousNote] : [];
    const responseTitle = title('Injection scan: response', ...crosses);
    await context.plot('response', responsePlot(injected, isSuspicious, dac, phase, responseTitle));
    const atBest = points.filter((point) => point.phase === best);
    await context.plot('channel_types', groupPlot(atBest, dac, title('Response by channel type', at)));
    const over = 'Response over phase and amplitude, mean of the injected channels';
    await context.plot('phase_map', phaseMap(points, dac, phase, title(over)));
    const lines = fittedLines(responses).notes;
    await context.plot('gain', gainPlot(responses, phase, title('Gain of the injected channels', ...lines)));
    const linearity = title('Deviation from the fitted line', ...lines);
    await context.plot('linearity', linearityPlot(responses, dac, phase, linearity));
    await context.plot('channel_map', channelMap(movements(curves, best), title('Largest change of the ADC mean', at)));
  }
}

const suspiciousNote = 'red crosses: ADC or ToT does not fit to the others, left out of lines and means';

/** Whether a point is one that the lines of its curve leave out. */
function suspicionOf(responses: readonly Response[]): (curve: Curve, dac: number) => boolean {
  const known = new Map(responses.map(({ curve, suspicious }) => [curve, new Set(suspicious)]));
  return (curve, dac) => known.get(curve)?.has(dac) ?? false;
}

/** What the pictures show: the curves of one condition. */
interface Drawn {
  readonly curves: readonly Curve[];
  readonly responses: readonly Response[];
  readonly points: readonly GroupPoint[];
  readonly isSuspicious: (curve: Curve, dac: number) => boolean;
  readonly notes: readonly string[];
}

/** Whether a curve without injection was measured beside the other one: all but the switches agrees. */
function isLike(curve: Curve, injected: Curve): boolean {
  const others = Object.keys(curve.condition).filter((name) => !injectionSwitches.some((each) => each === name));
  return others.every((name) => curve.condition[name] === injected.condition[name]);
}

/** How far the ADC mean of every channel moves over the amplitudes at one phase: injection, and crosstalk elsewhere. */
function movements(curves: readonly Curve[], phase: number): ChannelMapData {
  const cells = curves
    .filter((curve) => curve.phase === phase)
    .map(({ chip, type, channel, values }) => {
      return { chip, type, channel, value: Math.max(...values.adc_mean) - Math.min(...values.adc_mean) };
    });
  return { title: 'highest − lowest ADC mean [counts]', scale: 'symlog', cells };
}

function warnOfSuspicious(responses: readonly Response[], { log }: AnalysisContext, phase: string, dac: string): void {
  for (const { curve, suspicious } of responses.filter((response) => response.suspicious.length > 0)) {
    const place = `${placeText(curve)}, ${phase} ${curve.phase}`;
    log.warn(`${place}: ADC or ToT does not fit to the others at ${dac} ${suspicious.join(', ')}`);
  }
}

/** The phase at which the injected channels' ADC is highest on average: the top of the shaped pulse. */
function strongestPhase(points: readonly GroupPoint[]): number {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const point of points) {
    if (point.quantity !== 'adc_mean' || !point.group.startsWith('injected')) continue;
    const entry = sums.get(point.phase) ?? { sum: 0, count: 0 };
    sums.set(point.phase, { sum: entry.sum + point.mean, count: entry.count + 1 });
  }
  const ordered = [...sums].sort(([, a], [, b]) => b.sum / b.count - a.sum / a.count);
  return ordered[0][0];
}

function noInjection(injectedBy: string): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', `no channel is injected, judged by ${injectedBy}`, {
    remedy: 'set HighRange or LowRange of a channel to 1 in the init configuration of the scan',
  });
}
