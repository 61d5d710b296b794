import { beforeAll, describe, expect, it } from 'vitest';
import { InjectionScan } from '../../src/analyses/injection-scan.js';
import { readCurves } from '../../src/analyses/injection/curves.js';
import { crossing } from '../../src/analyses/injection/crossing.js';
import { analyseCurve } from '../../src/analyses/injection/fits.js';
import { mean } from '../../src/analyses/math/statistics.js';
import { seededRandom } from '../../src/domain/random.js';
import { columnsOf } from '../support/stand/known-board.js';
import { expectGoodPulls, toys } from '../support/tools/pulls.js';
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
      expect(row['adc_points_used']).toBe([11, 10][i]); // up to 850 counts
      expect(Math.abs(Number(row['tot_gain']) - 0.4)).toBeLessThan(3 * Number(row['tot_gain_error']));
      expect(row['tot_threshold']).toBe(575);
      expect(row['toa_threshold']).toBe(75);
      expect(row['adc_saturates_at']).toBe(650);
      // 8 pF at 1 V: 8000 fC over 4096 steps
      const charge = withSwitches ? 8000 / 4096 : NaN;
      expect(row['charge_per_dac_step']).toBe(charge);
      expect(row['adc_gain_per_fC']).toBe(Number(row['adc_gain']) / charge);
      expect(row['toa_threshold_fC']).toBe(75 * charge);
    }
    expect(rows[0]['suspicious_amplitudes']).toBe('1500');
    expect(made.warnings).toEqual([expect.stringContaining('chip 0, channel 3, phase_strobe 5')]);
  });

  it('gives units beside its columns, and charges of another full scale', async () => {
    const made = await runInMemory(
      InjectionScan,
      [memoryTable(knownScan(true))],
      new Map([['calib_full_scale', 0.87]]),
    );
    expect(rowsOf(made.csv.get('injection_scan.csv'))[0]['charge_per_dac_step']).toBeCloseTo((0.87 * 8000) / 4096, 12);
    const units = new Map(rowsOf(made.units.get('injection_scan.csv')).map(({ column, unit }) => [column, unit]));
    expect(units.get('adc_gain')).toBe('ADC counts per DAC step');
    expect(units.get('tot_threshold_fC')).toBe('fC');
    expect(units.get('chip')).toBe('');
  });

  it('takes ToA from hits alone, of each half apart and around the end of its range; says which chip has none', async () => {
    const scan = knownScan(true);
    const toa = scan['Calib'].map((_, i) => {
      if (scan['Calib'][i] < 600 || scan['HighRange'][i] === 0) return 0;
      return scan['channel'][i] === 3 ? 1020 : 8;
    });
    const half = {
      ...scan,
      toa_mean: toa.map((time) => time / 2),
      toa_efficiency: toa.map((time) => (time > 0 ? 0.5 : 0)),
    };
    const made = await runInMemory(InjectionScan, [memoryTable(half)]);
    const times = rowsOf(made.csv.get('channel_types.csv')).filter(
      ({ quantity, group }) => quantity === 'toa_mean' && group === 'injected channels',
    );
    expect(times.filter(({ Calib }) => Calib === 0).map(({ mean }) => mean)).toEqual([NaN, NaN]);
    const last = times.filter(({ Calib }) => Calib === 2000);
    expect(last.map(({ half, mean }) => [half, Math.round(Number(mean))])).toEqual([
      [0, 1020],
      [1, 8],
    ]);
    const silent = { ...scan, toa_mean: toa.map(() => 0), toa_efficiency: toa.map(() => 0) };
    const none = await runInMemory(InjectionScan, [memoryTable(silent)]);
    expect(none.warnings).toContain('chip 0: no ToA at any charge');
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

const axes = (...names: string[]) => ({ procedure: 'p', axes: names.map((name) => ({ name, length: 2 })) });

describe('an injection scan over more than amplitude and phase', () => {
  /** Gain 6.5 with the large capacitor, 0.41 with the small one. */
  const row = (channel: number, dac: number, range: string) => {
    const injected = injectedChannels.includes(channel);
    const gain = range === 'high' ? 0.65 : 0.041;
    return {
      ...{ chip: 0, channel, channeltype: 0, Calib: dac, phase_strobe: 5, adc_stdd: 1.5 },
      ...{ HighRange: injected && range === 'high' ? 1 : 0, LowRange: injected && range === 'low' ? 1 : 0 },
      ...{ adc_mean: 200 + (injected ? gain * dac : 0), adc_median: 200 },
      ...{ tot_median: 0, tot_efficiency: 0, toa_mean: 0, toa_efficiency: 0 },
    };
  };
  const rows = ['high', 'low'].flatMap((range) =>
    amplitudes.slice(0, 12).flatMap((dac) => Array.from({ length: 72 }, (_, channel) => row(channel, dac, range))),
  );

  it('has a gain for each capacitor, and pictures of one that say so', async () => {
    const table = memoryTable(columnsOf(rows), axes('Calib', 'phase_strobe'));
    const made = await runInMemory(InjectionScan, [table]);
    const result = rowsOf(made.csv.get('injection_scan.csv'));
    const gains = result.map((each) => [each['channel'], each['HighRange'], Number(each['adc_gain']).toFixed(3)]);
    expect(gains).toEqual(
      injectedChannels.flatMap((channel) => [
        [channel, 0, '0.041'],
        [channel, 1, '0.650'],
      ]),
    );
    expect(JSON.stringify(made.plots.get('gain'))).toContain('shown: HighRange 0; the table has 2 such conditions');
  });

  it('makes one curve of a channel that is injected in one group of several', async () => {
    const groups = [0, 1].flatMap((group) =>
      amplitudes.slice(0, 12).flatMap((dac) =>
        Array.from({ length: 72 }, (_, channel) => ({
          ...row(channel, dac, injectedChannels[group] === channel ? 'high' : 'none'),
          adc_mean: 200 + (injectedChannels[group] === channel ? 0.65 * dac : 0),
          group,
        })),
      ),
    );
    const made = await runInMemory(InjectionScan, [memoryTable(columnsOf(groups), axes('Calib', 'group'))]);
    const result = rowsOf(made.csv.get('injection_scan.csv'));
    expect(result.map(({ channel }) => channel)).toEqual(injectedChannels);
    expect(Object.keys(result[0])).not.toContain('group');
  });

  it('leaves corrupt runs out, and says so', async () => {
    const broken = rows.map((each, i) => ({
      ...each,
      corruption: i < 72 ? 0.08 : 0,
      ...(i < 72 ? { adc_mean: 900 } : {}),
    }));
    const made = await runInMemory(InjectionScan, [memoryTable(columnsOf(broken), axes('Calib'))]);
    expect(rowsOf(made.csv.get('injection_scan.csv'))[1]['adc_offset']).toBeCloseTo(200, 6);
    expect(made.warnings).toEqual([
      expect.stringContaining('72 of 1728 rows left out'),
      'chip 0: no ToT at any charge',
      'chip 0: no ToA at any charge',
    ]);
  });
});

describe('errors of an injection scan (seed 21)', () => {
  const events = 500;
  const steps = Array.from({ length: 10 }, (_, i) => 60 * i);

  it('pulls of gain and offset are those of a normal distribution', async () => {
    const random = seededRandom(21);
    const place = (i: number) => ({ chip: Math.floor(i / 72), channel: i % 72, channeltype: 0, HighRange: 1 });
    const none = { adc_median: 300, tot_median: 0, tot_efficiency: 0, toa_mean: 0, toa_efficiency: 0 };
    const rows = steps.flatMap((Calib) =>
      Array.from({ length: toys }, (_, i) => {
        const adc_mean = 200 + 0.4 * Calib + (1.5 / Math.sqrt(events)) * random.normal();
        return { ...place(i), ...none, Calib, adc_mean, adc_stdd: 1.5 };
      }),
    );
    const runs = steps.map((_, run) => ({ run, firstRow: run * toys, rows: toys, events, corruptHalves: 0 }));
    const { curves } = await readCurves(memoryTable(columnsOf(rows), axes('Calib'), runs), {
      dac: 'Calib',
      phase: 'phase_strobe',
      max_corruption: 0.001,
    });
    const lines = curves.flatMap((curve) => analyseCurve(curve, 850).adc ?? []);
    expectGoodPulls(lines.map(({ slope, slopeError }) => (slope - 0.4) / slopeError));
    expectGoodPulls(lines.map(({ offset, offsetError }) => (offset - 200) / offsetError));
    expect(mean(lines.map(({ chi2PerNdf }) => chi2PerNdf))).toBeCloseTo(1, 1);
  });

  it('pulls of a threshold that the steps resolve are those of a normal distribution', async () => {
    const random = seededRandom(22);
    const at = 247;
    const curve = () => {
      const efficiency = steps.map((dac) => {
        const expected = Math.min(1, Math.max(0, 0.5 + (dac - at) / 160)); // straight between two points
        return (
          Array.from({ length: events }, () => random.next()).filter((chance) => chance < expected).length / events
        );
      });
      return { dac: steps, events: steps.map(() => events), efficiency };
    };
    const pulls = Array.from({ length: toys }, () => {
      const { efficiency, ...points } = curve();
      const found = crossing(points, efficiency);
      return found === undefined ? NaN : (found.at - at) / found.error;
    });
    expectGoodPulls(pulls);
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
