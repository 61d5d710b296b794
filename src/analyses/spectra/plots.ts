import type { PlotSpec } from '../../domain/analysis/interface.js';
import { channelTypes } from '../data/channels.js';
import { chipColumns, panel } from '../plots/axes.js';
import { spectra, spectrumNames, type ChannelSpectrum, type Spectrum } from './histograms.js';

/** Bins of a plot, at most. */
const plottedBins = 128;
const mappedBins = 64;

export interface SpectrumBin {
  readonly chip: number;
  readonly quantity: Spectrum;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Spectra of the normal channels of each chip, added up; empty bins are left out. */
export function chipSpectra(channels: readonly ChannelSpectrum[], bins = plottedBins): SpectrumBin[] {
  const sums = new Map<string, { chip: number; quantity: Spectrum; counts: Float64Array }>();
  for (const channel of channels.filter(({ type }) => type === channelTypes.channel)) {
    const { chip, quantity } = channel;
    const entry = sums.get(`${chip} ${quantity}`) ?? { chip, quantity, counts: new Float64Array(bins) };
    sums.set(`${chip} ${quantity}`, entry);
    channel.bins.forEach((count, bin) => (entry.counts[Math.floor((bin * bins) / channel.bins.length)] += count));
  }
  return [...sums.values()].flatMap(({ chip, quantity, counts }) => {
    const width = binWidth(quantity, bins);
    return [...counts].flatMap((count, bin) =>
      count === 0 ? [] : [{ chip, quantity, low: bin * width, high: (bin + 1) * width, count }],
    );
  });
}

function binWidth(quantity: Spectrum, bins: number): number {
  return (spectra[quantity].bins * spectra[quantity].width) / bins;
}

/** A row of panels per quantity, a column per chip; counts in logarithmic scale. */
export function spectraPlot(bins: readonly SpectrumBin[], title: Record<string, unknown>): PlotSpec {
  return {
    title,
    data: { values: bins },
    vconcat: spectrumNames
      .filter((quantity) => bins.some((bin) => bin.quantity === quantity))
      .map((quantity) => ({
        transform: [{ filter: { field: 'quantity', equal: quantity } }],
        facet: { column: chipColumns },
        spec: {
          ...panel,
          mark: { type: 'bar', binSpacing: 0 },
          encoding: {
            x: { field: 'low', type: 'quantitative', bin: 'binned', title: spectra[quantity].title },
            x2: { field: 'high' },
            y: { field: 'count', type: 'quantitative', scale: { type: 'log', domainMin: 0.5 }, title: 'hits' },
            y2: { datum: 0.5 },
          },
        },
      })),
  };
}

/** The spectrum of every channel of every chip as a map: value across, channel upwards. */
export function spectrumMap(
  channels: readonly ChannelSpectrum[],
  quantity: Spectrum,
  title: Record<string, unknown>,
): PlotSpec {
  const shown = channels.filter(({ type, quantity: of }) => type === channelTypes.channel && of === quantity);
  const width = binWidth(quantity, mappedBins);
  const values = shown.flatMap(({ chip, channel, bins }) => {
    const counts = new Float64Array(mappedBins);
    bins.forEach((count, bin) => (counts[Math.floor((bin * mappedBins) / bins.length)] += count));
    return [...counts].flatMap((count, bin) =>
      count === 0
        ? []
        : [{ chip, count, low: bin * width, high: (bin + 1) * width, bottom: channel - 0.5, top: channel + 0.5 }],
    );
  });
  return {
    title,
    data: { values },
    facet: { column: chipColumns },
    spec: {
      width: panel.width,
      height: 300,
      mark: 'rect',
      encoding: {
        x: { field: 'low', type: 'quantitative', title: spectra[quantity].title, scale: { nice: false } },
        x2: { field: 'high' },
        y: { field: 'bottom', type: 'quantitative', title: 'channel', scale: { domain: [-0.5, 71.5], nice: false } },
        y2: { field: 'top' },
        color: { field: 'count', type: 'quantitative', title: 'hits', scale: { type: 'log' } },
      },
    },
  };
}
