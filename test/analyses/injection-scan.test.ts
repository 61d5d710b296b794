import { beforeAll, describe, expect, it } from 'vitest';
import { InjectionScan } from '../../src/analyses/injection-scan.js';
import { runInMemory, rowsOf, type MadeInMemory } from '../support/plans/analysis.js';
import { recordedFolder, recordedRuns } from '../support/raw/recorded-data.js';
import { memoryTable, recordedScan, type NumberColumns } from '../support/tables/tables.js';

const amplitudes = Array.from({ length: 41 }, (_, i) => 50 * i);
const injectedChannels = [3, 40];

/** A chip that is known: pedestal 200 + channel, 1.25 ADC counts per step up to 1023, ToT from 600 on. */
function knownScan(withSwitches: boolean): NumberColumns {
  const columns: Record<string, number[]> = {};
  const add = (row: Record<string, number>): void => {
    for (const [name, value] of Object.entries(row)) (columns[name] ??= []).push(value);
  };
  for (const dac of amplitudes) {
    for (let channel = 0; channel < 72; channel++) {
      const injected = injectedChannels.includes(channel);
      const fires = injected && dac >= 600;
      const adc = Math.min(1023, 200 + channel + (injected ? 1.25 * dac : 0.01 * dac));
      add({
        chip: 0,
        channel,
        channeltype: 0,
        Calib: dac,
        phase_strobe: 5,
        adc_mean: adc,
        adc_median: Math.round(adc),
        adc_stdd: 1.5,
        tot_median: fires ? (dac === 1500 && channel === 3 ? 4088 : Math.round(0.4 * dac - 100)) : 0,
        tot_efficiency: fires ? 1 : 0,
        toa_mean: fires ? 300 + 3000 / dac : 0,
        toa_efficiency: injected && dac >= 100 ? 1 : 0,
        ...(withSwitches ? { HighRange: injected ? 1 : 0 } : {}),
      });
    }
  }
  return columns;
}

describe('injection scan of a known chip', () => {
  it.each([true, false])('finds gain, limits and thresholds (switches in the table: %s)', async (withSwitches) => {
    const made = await runInMemory(InjectionScan, [memoryTable(knownScan(withSwitches))]);
    expect(made.missing).toEqual([]);
    const rows = rowsOf(made.csv.get('injection_scan.csv'));
    expect(rows.map((row) => row['channel'])).toEqual(injectedChannels);
    for (const [i, row] of rows.entries()) {
      expect(row['pedestal']).toBe(200 + injectedChannels[i]);
      expect(row['adc_gain']).toBeCloseTo(1.25, 6);
      expect(row['adc_offset']).toBeCloseTo(200 + injectedChannels[i], 6);
      expect(row['adc_points_used']).toBe(12); // 0 … 550: from 600 on ToT takes over
      expect(Math.abs(Number(row['tot_gain']) - 0.4)).toBeLessThan(3 * Number(row['tot_gain_error']));
      expect(row['tot_threshold']).toBe(575);
      expect(row['toa_threshold']).toBe(75);
      expect(row['adc_saturates_at']).toBe(650);
    }
    expect(rows[0]['suspicious_amplitudes']).toBe('1500');
    expect(made.warnings).toEqual([expect.stringContaining('chip 0, channel 3, phase_strobe 5')]);
  });

  it('names the column that the table lacks, and how to get it', async () => {
    const columns = Object.entries(knownScan(true)).filter(([name]) => name !== 'Calib');
    await expect(runInMemory(InjectionScan, [memoryTable(Object.fromEntries(columns))])).rejects.toMatchObject({
      type: 'AnalysisError',
      message: 'the table has no column Calib',
      remedy: expect.stringContaining('data_columns'),
    });
  });

  it('says that nothing is injected', async () => {
    const columns = { ...knownScan(true), HighRange: knownScan(true)['Calib'].map(() => 0) };
    await expect(runInMemory(InjectionScan, [memoryTable(columns)])).rejects.toThrow('no channel is injected');
  });
});

describe.skipIf(recordedFolder === undefined)(
  'recorded injection scan (skipped without DATENRAFFINERIE_TEST_DATA)',
  () => {
    let made: MadeInMemory;
    beforeAll(async () => {
      made = await runInMemory(InjectionScan, [memoryTable(recordedScan(recordedRuns))]);
    });

    it('finds the four injected channels of each chip from their response', () => {
      const rows = rowsOf(made.csv.get('injection_scan.csv'));
      expect(rows).toHaveLength(3 * 4 * 3);
      expect([...new Set(rows.map((row) => row['channel']))]).toEqual([10, 20, 40, 50]);
    });

    it('measures the same ToT gain at every phase, and none on chip 1, whose ToT never fires', () => {
      const rows = rowsOf(made.csv.get('injection_scan.csv'));
      for (const chip of [0, 2]) {
        for (const channel of [10, 20, 40, 50]) {
          const gains = rows.filter((row) => row['chip'] === chip && row['channel'] === channel);
          const slopes = gains.map((row) => Number(row['tot_gain']));
          expect(Math.min(...slopes)).toBeGreaterThan(0.75);
          expect(Math.max(...slopes) - Math.min(...slopes)).toBeLessThan(0.01);
          expect(Math.max(...gains.map((row) => Number(row['tot_nonlinearity_percent'])))).toBeLessThan(3);
        }
      }
      expect(rows.filter((row) => row['chip'] === 1).every((row) => Number.isNaN(row['tot_gain']))).toBe(true);
    });

    it('claims no ADC gain, for the steps are too coarse: only that it is at least so large', () => {
      const rows = rowsOf(made.csv.get('injection_scan.csv')).filter((row) => row['phase'] === 0);
      expect(rows.every((row) => Number.isNaN(row['adc_gain']) && row['adc_saturates_at'] === 128)).toBe(true);
      expect(rows.every((row) => Number(row['adc_gain_at_least']) > 4.5)).toBe(true);
    });

    it('points at the first run of phase 6, which still has the amplitude of the run before', () => {
      const rows = rowsOf(made.csv.get('injection_scan.csv')).filter((row) => row['phase'] === 6 && row['chip'] !== 1);
      expect(rows.every((row) => String(row['suspicious_amplitudes']).split(' ')[0] === '0')).toBe(true);
    });
  },
);
