import { describe, expect, it } from 'vitest';
import { Spectra } from '../../src/analyses/spectra.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';

const full = { procedure: 'p', mode: 'full' as const, axes: [] };

/** Channel 5 of half 1 sees 400 ± 2 in adc and every second event 700 in toa; channel 6 carries tot instead of adc. */
const rows = Array.from({ length: 1000 }, (_, event) => [
  { chip: 0, half: 1, channel: 5, adc: 398 + (event % 5), toa: event % 2 === 0 ? 700 : 0, tot: 0, corruption: 0 },
  { chip: 0, half: 1, channel: 6, adc: -1, toa: 0, tot: 2000, corruption: 0 },
  { chip: 1, half: 0, channel: 36, adc: 1000, toa: 3, tot: 0, corruption: event < 10 ? 7 : 0 },
]).flat();

describe('spectra', () => {
  it('count hits only, channel by channel, and leave corrupt halves out', async () => {
    const made = await runInMemory(Spectra, [memoryTable(columnsOf(rows), full)]);
    expect(made.missing).toEqual([]);
    const found = rowsOf(made.csv.get('spectra.csv'));
    const at = (chip: number, type: number, channel: number, quantity: string) =>
      found.find(
        (row) =>
          row['chip'] === chip &&
          row['channeltype'] === type &&
          row['channel'] === channel &&
          row['quantity'] === quantity,
      );
    expect(at(0, 0, 41, 'adc')).toMatchObject({ hits: 1000, mean: 400 });
    expect(Number(at(0, 0, 41, 'adc')?.['stdd'])).toBeCloseTo(Math.SQRT2, 9);
    expect(at(0, 0, 41, 'toa')).toMatchObject({ hits: 500, mean: 700, stdd: 0 });
    expect(at(0, 0, 42, 'adc')).toMatchObject({ hits: 0 });
    expect(at(0, 0, 42, 'tot')).toMatchObject({ hits: 1000, mean: 2000 });
    expect(at(1, 1, 0, 'adc')).toMatchObject({ hits: 990, mean: 1000 });
    const bins = rowsOf(made.csv.get('histograms.csv'));
    expect(bins).toContainEqual({ chip: 0, quantity: 'toa', from: 696, to: 704, hits: 500 });
    expect(bins.filter((row) => row['quantity'] === 'adc').reduce((sum, row) => sum + Number(row['hits']), 0)).toBe(
      1000,
    );
  });

  it('say that statistics are not enough', async () => {
    await expect(runInMemory(Spectra, [memoryTable(columnsOf(rows))])).rejects.toThrow('need single events');
  });
});
