import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { TableReader } from '../domain/table/reader.js';
import { columnAxis, plotTitle } from './plots/axes.js';
import { byChannelPlot } from './plots/by-channel.js';
import { readTimes, toaUnit } from './timing/curves.js';
import { arrivalMap, phasePlot, walkPlot } from './timing/plots.js';
import { measureWalk, type TimeWalk } from './timing/walk.js';

/**
 * Timewalk: how much later small pulses are seen; and the time of arrival over the phase of the injection.
 * Parameters: `dac` (column of the amplitude, default `Calib`), `phase` (column of the phase, default `phase_strobe`).
 */
export class Timewalk implements Analysis {
  private readonly dac: string;
  private readonly phase: string;

  constructor(parameters: ConfigMap) {
    ({ dac: this.dac, phase: this.phase } = readParameters(shippedParameters.timewalk, parameters));
  }

  output(): AnalysisOutputs {
    const plots = ['timewalk', 'phase', 'phase_map', 'jitter'];
    return {
      summary: 'timewalk.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      curves: 'timewalk_curves.csv',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    const channels = await readTimes(table, this.dac, this.phase);
    if (channels.length === 0) throw noTimes();
    const walks = channels.map(measureWalk);
    await context.csv('timewalk.csv', summary(walks));
    await context.csv('timewalk_curves.csv', curves(walks, this.dac));
    const dac = columnAxis(table, this.dac, `injected amplitude ${this.dac} [DAC steps]`);
    const phase = columnAxis(table, this.phase, this.phase);
    const title = (text: string, ...more: string[]): Record<string, unknown> => plotTitle(text, table, more);
    const against = 'delay against the largest amplitude, median over the phases';
    await context.plot('timewalk', walkPlot(walks, dac, title('Timewalk', against)));
    await context.plot('phase', phasePlot(walks, phase, title('Time of arrival over the phase', 'largest amplitude')));
    await context.plot(
      'phase_map',
      arrivalMap(channels, dac, phase, title('Time of arrival over phase and amplitude')),
    );
    const jitter = walks.map((walk) => ({ ...walk, value: walk.jitter * toaUnit * 1000 }));
    const largest = 'standard deviation of the single hit at the largest amplitude';
    await context.plot('jitter', byChannelPlot(jitter, 'jitter [ps]', title('Jitter', largest)));
  }
}

function summary(walks: readonly TimeWalk[]): CsvColumn[] {
  const column = (name: string, value: (walk: TimeWalk) => number | undefined): CsvColumn => {
    return { name, values: walks.map((walk) => value(walk) ?? NaN) };
  };
  const ps = toaUnit * 1000;
  return [
    column('chip', (walk) => walk.chip),
    column('channel', (walk) => walk.channel),
    column('smallest_amplitude', (walk) => walk.dac[0]),
    column('largest_amplitude', (walk) => walk.dac.at(-1)),
    column('timewalk_ns', (walk) => (Math.max(...walk.delay) - Math.min(...walk.delay)) * toaUnit),
    column('scale', ({ fit }) => fit?.values[0]),
    column('scale_error', ({ fit }) => fit?.errors[0]),
    column('pole', ({ fit }) => fit?.values[1]),
    column('pole_error', ({ fit }) => fit?.errors[1]),
    column('fit_chi2_per_ndf', ({ fit }) => fit?.chi2PerNdf),
    column('jitter_ps', (walk) => walk.jitter * ps),
    column('counts_per_phase_step', ({ line }) => line?.slope),
    column('counts_per_phase_step_error', ({ line }) => line?.slopeError),
    column('largest_deviation_from_phase_line_ps', ({ line }) =>
      line === undefined ? undefined : line.maxResidual * ps,
    ),
  ];
}

function curves(walks: readonly TimeWalk[], dac: string): CsvColumn[] {
  const rows = walks.flatMap((walk) => walk.dac.map((at, i) => ({ walk, at, delay: walk.delay[i] })));
  return [
    { name: 'chip', values: rows.map(({ walk }) => walk.chip) },
    { name: 'channel', values: rows.map(({ walk }) => walk.channel) },
    { name: dac, values: rows.map(({ at }) => at) },
    { name: 'delay_counts', values: rows.map(({ delay }) => delay) },
    { name: 'delay_ns', values: rows.map(({ delay }) => delay * toaUnit) },
  ];
}

function noTimes(): DatenraffinerieError {
  return new DatenraffinerieError(
    'AnalysisError',
    'no channel measured a time of arrival in at least 95 % of its events',
    {
      remedy: 'inject charge above the ToA threshold (HighRange or LowRange, Calib, Toa_vref)',
    },
  );
}
