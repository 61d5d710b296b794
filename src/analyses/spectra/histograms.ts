/**
 * Room: histograms of what was read, and their plots.
 * May use: analyses/data, analyses/plots, domain/analysis, domain/table.
 */

import type { TableReader } from '../../domain/table/reader.js';
import { asNumbers, requireColumns, type Numbers } from '../data/columns.js';
import { channelOfSlot, slotsPerHalf } from '../data/events.js';

/** What is counted, and in how many bins of which width. `none` is the value of a channel that saw nothing. */
export const spectra = {
  adc: { title: 'ADC [counts]', bins: 1024, width: 1, none: -1 },
  toa: { title: 'ToA [counts]', bins: 1024, width: 1, none: 0 },
  tot: { title: 'ToT [counts]', bins: 512, width: 8, none: 0 },
} as const;
export type Spectrum = keyof typeof spectra;
export const spectrumNames: readonly Spectrum[] = ['adc', 'toa', 'tot'];

/** Counts and moments of one channel's values. */
export interface ChannelSpectrum {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly quantity: Spectrum;
  readonly bins: Uint32Array;
  entries: number;
  sum: number;
  squares: number;
}

export interface SpectraOfTable {
  readonly channels: readonly ChannelSpectrum[];
  readonly rows: number;
  readonly corruptRows: number;
}

const columns = ['chip', 'half', 'channel', ...spectrumNames];

/** Fills the spectra in one pass over the single events, whatever the table's size; corrupt halves are left out. */
export async function fillSpectra(table: TableReader): Promise<SpectraOfTable> {
  requireColumns(table, columns);
  const optional = table.schema.columns.filter(({ name }) => name === 'corruption').map(({ name }) => name);
  const found = new Map<number, readonly ChannelSpectrum[]>();
  let corruptRows = 0;
  for await (const chunk of table.chunks([...columns, ...optional])) {
    corruptRows += fill(asNumbers(chunk), found);
  }
  const keys = [...found.keys()].sort((a, b) => a - b);
  return { channels: keys.flatMap((key) => found.get(key) ?? []), rows: table.rows, corruptRows };
}

function fill(numbers: Numbers, found: Map<number, readonly ChannelSpectrum[]>): number {
  const [chip, half, channel] = [numbers.get('chip'), numbers.get('half'), numbers.get('channel')];
  const values = spectrumNames.map((name) => numbers.get(name));
  const corruption = numbers.has('corruption') ? numbers.get('corruption') : undefined;
  let corrupt = 0;
  for (let row = 0; row < numbers.rows; row++) {
    if (corruption !== undefined && corruption[row] !== 0) {
      corrupt++;
      continue;
    }
    const key = (chip[row] * 2 + half[row]) * slotsPerHalf + channel[row];
    let spectraHere = found.get(key);
    if (spectraHere === undefined) found.set(key, (spectraHere = emptySpectra(chip[row], half[row], channel[row])));
    for (let i = 0; i < spectraHere.length; i++) count(spectraHere[i], values[i][row]);
  }
  return corrupt;
}

function emptySpectra(chip: number, half: number, slot: number): ChannelSpectrum[] {
  const place = { chip, ...channelOfSlot(half, slot) };
  const empty = { entries: 0, sum: 0, squares: 0 };
  return spectrumNames.map((quantity) => {
    return { ...place, ...empty, quantity, bins: new Uint32Array(spectra[quantity].bins) };
  });
}

function count(spectrum: ChannelSpectrum, value: number): void {
  const { none, bins, width } = spectra[spectrum.quantity];
  if (value <= none) return;
  spectrum.bins[Math.min(bins - 1, Math.floor(value / width))]++;
  spectrum.entries++;
  spectrum.sum += value;
  spectrum.squares += value * value;
}
