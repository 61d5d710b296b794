import type { Analysis, AnalysisContext, AnalysisOutputs, CsvColumn } from '../domain/analysis/interface.js';
import { readParameters } from '../domain/analysis/parameters.js';
import { shippedParameters } from '../domain/analysis/shipped.js';
import { DatenraffinerieError } from '../domain/errors.js';
import type { TableReader } from '../domain/table/reader.js';
import type { ConfigMap } from '../domain/config/value.js';
import { plotTitle } from './plots/axes.js';
import { fillSpectra, spectrumNames, type ChannelSpectrum } from './spectra/histograms.js';
import { chipSpectra, spectraPlot, spectrumMap, type SpectrumBin } from './spectra/plots.js';
import { columnsOver } from './data/csv-columns.js';

/** Spectra of ADC, ToA and ToT from single events (mode full), per chip and per channel. No parameters. */
export class Spectra implements Analysis {
  constructor(parameters: ConfigMap) {
    readParameters(shippedParameters.spectra, parameters);
  }

  output(): AnalysisOutputs {
    const plots = ['spectra', ...spectrumNames.map((name) => `${name}_by_channel`)];
    return {
      summary: 'spectra.csv',
      plots: plots.flatMap((name) => [`${name}.svg`, `${name}.png`]),
      histograms: 'histograms.csv',
    };
  }

  async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
    if (context.mode !== 'full') throw needsEvents();
    const { channels, rows, corruptRows } = await fillSpectra(table);
    const left = `${corruptRows} of ${rows} rows lie in corrupt halves and are left out`;
    context.log.info(left);
    const bins = chipSpectra(channels);
    await context.csv('spectra.csv', summary(channels));
    await context.csv('histograms.csv', histograms(bins));
    const notes = corruptRows === 0 ? [] : [left];
    const title = (text: string): Record<string, unknown> => plotTitle(text, table, notes);
    await context.plot('spectra', spectraPlot(bins, title('Spectra, all channels of a chip')));
    for (const name of spectrumNames) {
      await context.plot(`${name}_by_channel`, spectrumMap(channels, name, title('Spectra by channel')));
    }
  }
}

function summary(channels: readonly ChannelSpectrum[]): CsvColumn[] {
  const column = columnsOver(channels);
  return [
    column('chip', (channel) => channel.chip),
    column('channeltype', (channel) => channel.type),
    column('channel', (channel) => channel.channel),
    column('quantity', (channel) => channel.quantity),
    column('hits', (channel) => channel.entries),
    column('mean', ({ sum, entries }) => sum / entries, 'counts'),
    column(
      'stdd',
      ({ sum, squares, entries }) => Math.sqrt(Math.max(0, squares / entries - (sum / entries) ** 2)),
      'counts',
    ),
  ];
}

function histograms(bins: readonly SpectrumBin[]): CsvColumn[] {
  const column = columnsOver(bins);
  return [
    column('chip', (bin) => bin.chip),
    column('quantity', (bin) => bin.quantity),
    column('from', (bin) => bin.low, 'counts'),
    column('to', (bin) => bin.high, 'counts'),
    column('hits', (bin) => bin.count),
  ];
}

function needsEvents(): DatenraffinerieError {
  return new DatenraffinerieError('AnalysisError', 'spectra need single events, but the table holds statistics', {
    remedy: 'measure with mode: full, and say compatible_modes: full in the analysis procedure',
  });
}
