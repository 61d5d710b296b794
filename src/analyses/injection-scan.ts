import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { Analysis, AnalysisContext, AnalysisOutputs } from '../domain/analysis/interface.js';
import type { TableReader } from '../domain/table/reader.js';
import { readCurves, type Curve } from './injection/curves.js';
import { analyseCurve, type Response } from './injection/fits.js';
import { channelMap, type ChannelMapData } from './plots/channel-map.js';
import { fittedLines, gainPlot, linearityPlot } from './injection/fit-plots.js';
import { groupPlot, phaseMap, responsePlot, shownQuantities } from './injection/plots.js';
import { groupPoints, groupTable, responseTable } from './injection/tables.js';
import { columnAxis, plotTitle } from './plots/axes.js';

/**
 * Charge injected with growing amplitude: response of ADC, ToT and ToA, gain, linearity and saturation per channel.
 * Parameters: `dac` (column of the amplitude, default `Calib`), `phase` (column of the phase, default `phase_strobe`).
 */
export class InjectionScan implements Analysis {
  private readonly dac: string;
  private readonly phase: string;

  constructor(parameters: ConfigMap) {
    ({ dac: this.dac, phase: this.phase } = readParameters(shippedParameters.injection_scan, parameters));
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
    const { curves, injectedBy } = await readCurves(table, this.dac, this.phase);
    const injected = curves.filter((curve) => curve.injected);
    context.log.info(`${injected.length} curves of injected channels, recognised by ${injectedBy}`);
    if (injected.length === 0) throw noInjection(injectedBy);
    const responses = injected.map(analyseCurve);
    warnOfSuspicious(responses, context, this.phase, this.dac);
    const points = groupPoints(
      curves,
      shownQuantities.map(({ quantity }) => quantity),
    );
    await context.csv('injection_scan.csv', responseTable(responses));
    await context.csv('channel_types.csv', groupTable(points, this.dac, this.phase));
    const dac = columnAxis(table, this.dac, `injected amplitude ${this.dac} [DAC steps]`);
    const phase = columnAxis(table, this.phase, this.phase);
    const best = strongestPhase(points);
    const at = `at ${this.phase} ${best}, the phase of the largest ADC response`;
    const title = (text: string, ...more: string[]): Record<string, unknown> => plotTitle(text, table, more);
    await context.plot('response', responsePlot(injected, dac, phase, title('Injection scan: response')));
    const shown = points.filter((point) => point.phase === best);
    await context.plot('channel_types', groupPlot(shown, dac, title('Response by channel type', at)));
    const over = 'Response over phase and amplitude, mean of the injected channels';
    await context.plot('phase_map', phaseMap(points, dac, phase, title(over)));
    const { notes } = fittedLines(responses);
    await context.plot('gain', gainPlot(responses, phase, title('Gain of the injected channels', ...notes)));
    await context.plot(
      'linearity',
      linearityPlot(responses, dac, phase, title('Deviation from the fitted line', ...notes)),
    );
    await context.plot('channel_map', channelMap(movements(curves, best), title('Largest change of the ADC mean', at)));
  }
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
    const place = `chip ${curve.chip}, channel ${curve.channel}, ${phase} ${curve.phase}`;
    log.warn(`${place}: ToT does not fit to the others at ${dac} ${suspicious.join(', ')}`);
  }
}

/** The phase at which the injected channels' ADC is highest on average: the top of the shaped pulse. */
function strongestPhase(points: ReturnType<typeof groupPoints>): number {
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
