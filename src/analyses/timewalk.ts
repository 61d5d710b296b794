import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import type { ConfigMap } from '../domain/config/value.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { TableReader } from '../domain/table/reader.js';
import { columnAxis, plotTitle } from './plots/axes.js';
import { byChannelPlot } from './plots/by-channel.js';
import { readTimes, toaUnit, type TimedChannel } from './timing/curves.js';
import { columnsOver } from './data/csv-columns.js';
import type { InjectionOptions } from './data/injection.js';
import { conditionColumns, firstCondition, placeText } from './data/shown.js';
import { warnAll } from './data/sound-rows.js';
import { arrivalMap, phasePlot, walkPlot } from './timing/plots.js';
import { measureWalk, type TimeWalk } from './timing/walk.js';

/**
 * Timewalk: how much later small pulses are seen, with errors; and the time of arrival over the phase of the injection.
 */
export class Timewalk implements Analysis {
  private readonly options: InjectionOptions;

  constructor(parameters: ConfigMap) {
    this.options = readParameters(shippedParameters.timewalk, parameters);
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
    const { channels, notes } = await readTimes(table, this.options);
    warnAll(context, notes);
    if (channels.length === 0) throw noTimes();
    const walks = channels.map(measureWalk);
    for (const walk of walks) warnOfSuspicious(walk, this.options.dac, context);
    await context.csv('timewalk.csv', summary(walks));
    await context.csv('timewalk_curves.csv', curves(walks, this.options.dac));
    const first = firstCondition(walks);
    await this.draw(first.shown, firstCondition(channels).shown, [...first.notes, ...notes], table, context);
  }

  private async draw(
    walks: readonly TimeWalk[],
    channels: readonly TimedChannel[],
    notes: readonly string[],
    table: TableReader,
    context: AnalysisContext,
  ): Promise<void> {
    const dac = columnAxis(table, this.options.dac, `injected amplitude ${this.options.dac} [DAC steps]`);
    const phase = columnAxis(table, this.options.phase, this.options.phase);
    const title = (text: string, ...more: string[]) => plotTitle(text, table, [...more, ...notes]);
    const against = 'delay against the largest amplitude, median over the phases';
    await context.plot('timewalk', walkPlot(walks, dac, title('Timewalk', against)));
    await context.plot('phase', phasePlot(walks, phase, title('Time of arrival over the phase', 'largest amplitude')));
    const over = title('Time of arrival over phase and amplitude');
    await context.plot('phase_map', arrivalMap(channels, dac, phase, over));
    const jitter = walks.map((walk) => ({ ...walk, value: walk.jitter * toaUnit * 1000 }));
    const largest = 'standard deviation of the single hit at the largest amplitude';
    await context.plot('jitter', byChannelPlot(jitter, 'jitter [ps]', title('Jitter', largest)));
  }
}

function warnOfSuspicious(walk: TimeWalk, dac: string, { log }: AnalysisContext): void {
  if (walk.suspicious.length === 0) return;
  log.warn(`${placeText(walk)}: earlier at ${dac} ${walk.suspicious.join(', ')} than at larger amplitudes, left out`);
}

function summary(walks: readonly TimeWalk[]): CsvColumn[] {
  const column = columnsOver(walks);
  const ps = toaUnit * 1000;
  return [
    column('chip', (walk) => walk.chip),
    column('channel', (walk) => walk.channel),
    ...conditionColumns(walks),
    column('smallest_amplitude', (walk) => walk.dac[0], 'DAC steps'),
    column('largest_amplitude', (walk) => walk.dac.at(-1), 'DAC steps'),
    column('timewalk_ns', (walk) => (Math.max(...walk.delay) - Math.min(...walk.delay)) * toaUnit, 'ns'),
    column('scale', ({ fit }) => fit?.values[0], 'ToA counts x DAC steps'),
    column('scale_error', ({ fit }) => fit?.errors[0], 'ToA counts x DAC steps'),
    column('pole', ({ fit }) => fit?.values[1], 'DAC steps'),
    column('pole_error', ({ fit }) => fit?.errors[1], 'DAC steps'),
    column('fit_chi2_per_ndf', ({ fit }) => fit?.chi2PerNdf),
    column('jitter_ps', (walk) => walk.jitter * ps, 'ps'),
    column('counts_per_phase_step', ({ line }) => line?.slope, 'ToA counts per phase step'),
    column('counts_per_phase_step_error', ({ line }) => line?.slopeError, 'ToA counts per phase step'),
    column(
      'largest_deviation_from_phase_line_ps',
      ({ line }) => (line === undefined ? undefined : line.maxResidual * ps),
      'ps',
    ),
    column('suspicious_amplitudes', ({ suspicious }) => suspicious.join(' '), 'DAC steps'),
  ];
}

function curves(walks: readonly TimeWalk[], dac: string): CsvColumn[] {
  const rows = walks.flatMap((walk) =>
    walk.dac.map((at, i) => ({ walk, condition: walk.condition, at, delay: walk.delay[i], error: walk.errors[i] })),
  );
  const column = columnsOver(rows);
  return [
    column('chip', ({ walk }) => walk.chip),
    column('channel', ({ walk }) => walk.channel),
    ...conditionColumns(rows),
    column(dac, ({ at }) => at, 'DAC steps'),
    column('delay_counts', ({ delay }) => delay, 'ToA counts'),
    column('delay_ns', ({ delay }) => delay * toaUnit, 'ns'),
    column('delay_error_counts', ({ error }) => error, 'ToA counts'),
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
