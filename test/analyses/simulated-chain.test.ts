import { describe, expect, it } from 'vitest';
import { channelTypes } from '../../src/analyses/data/channels.js';
import { deviation } from '../../src/analyses/math/statistics.js';
import { InjectionScan } from '../../src/analyses/injection-scan.js';
import { Pedestal } from '../../src/analyses/pedestal.js';
import { PedestalCalibration } from '../../src/analyses/pedestal-calibration.js';
import { Timewalk } from '../../src/analyses/timewalk.js';
import { ToaCalibration } from '../../src/analyses/toa-calibration.js';
import { ToaThresholdScan } from '../../src/analyses/toa-threshold-scan.js';
import { overlay } from '../../src/domain/config/overlay.js';
import type { ConfigMap } from '../../src/domain/config/value.js';
import { runInMemory, rowsOf, type MadeInMemory } from '../support/plans/analysis.js';
import { simulatedScan } from '../support/stand/simulated-scan.js';
import { memoryTable } from '../support/tables/tables.js';

const all = Array.from({ length: 72 }, (_, i) => i);
const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
const spreadOf = (made: MadeInMemory, file: string, column: string): number =>
  deviation(
    rowsOf(made.csv.get(file))
      .filter((row) => row['channeltype'] === channelTypes.channel && Number.isFinite(row[column]))
      .map((row) => Number(row[column])),
  );

async function pedestalSpread(calibration: ConfigMap): Promise<number> {
  const scan = simulatedScan({ points: [{}], events: 100, calibration });
  return spreadOf(await runInMemory(Pedestal, [memoryTable(scan)]), 'pedestal.csv', 'pedestal');
}

/** Spread of the thresholds in charge, in fine steps around the one expected. */
async function thresholdSpread(calibration: ConfigMap, around: number): Promise<number> {
  const points = steps(around - 14, around + 14, 1).map((Calib) => ({ reference: { Calib } }));
  const scan = simulatedScan({ points, events: 60, injected: all, calibration });
  return spreadOf(
    await runInMemory(ToaThresholdScan, [memoryTable(scan)]),
    'toa_threshold_scan.csv',
    'threshold_Calib',
  );
}

describe('calibrations of the simulated board', () => {
  it('bring the spread of its pedestals down more than five-fold, then that of its ToA thresholds', async () => {
    const trims = simulatedScan({ points: steps(0, 63, 9).map((trim_inv) => ({ channel: { trim_inv } })), events: 60 });
    const pedestals = await runInMemory(PedestalCalibration, [memoryTable(trims)]);
    const first = pedestals.calibrations.get('pedestal_calibration.yaml') ?? new Map();
    expect(await pedestalSpread(first)).toBeLessThan((await pedestalSpread(new Map())) / 5);

    const points = [0, 20, 40, 60].flatMap((trim_toa) =>
      steps(450, 700, 5).map((Toa_vref) => ({ channel: { trim_toa }, reference: { Toa_vref, Calib: 100 } })),
    );
    const toaScan = simulatedScan({ points, events: 40, injected: all, calibration: first });
    const thresholds = await runInMemory(ToaCalibration, [memoryTable(toaScan)]);
    const both = overlay([first, thresholds.calibrations.get('toa_calibration.yaml') ?? new Map()]);
    // at power-on Toa_vref is 400, a charge of 70; afterwards the charge of the scan is the threshold
    expect(await thresholdSpread(both, 100)).toBeLessThan((await thresholdSpread(first, 63)) / 4);
    expect(await pedestalSpread(both)).toBeLessThan((await pedestalSpread(new Map())) / 5);
  });
});

describe('measurements of the simulated board', () => {
  it('injection scan: the gain of the ADC below its saturation, and of ToT above', async () => {
    const points = [...steps(0, 120, 5), ...steps(200, 2000, 100)].map((Calib) => ({ reference: { Calib } }));
    const scan = simulatedScan({ points, events: 100, injected: [10, 50] });
    const made = await runInMemory(InjectionScan, [memoryTable(scan)]);
    const rows = rowsOf(made.csv.get('injection_scan.csv'));
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      expect(Number(row['adc_gain'])).toBeGreaterThan(5);
      expect(Number(row['adc_gain'])).toBeLessThan(8);
      expect(Number(row['tot_gain'])).toBeGreaterThan(0.7);
      expect(Number(row['tot_gain'])).toBeLessThan(0.86);
    }
  });

  it('timewalk: small pulses are late, and a phase step is 1/16 of a bunch crossing', async () => {
    const points = [0, 4, 8, 12].flatMap((phase) =>
      [100, 120, 150, 200, 300, 500, 900, 1500].map((Calib) => ({ reference: { Calib }, phase })),
    );
    const scan = simulatedScan({ points, events: 60, injected: [10, 50] });
    const made = await runInMemory(Timewalk, [memoryTable(scan)]);
    expect(made.missing).toEqual([]);
    const rows = rowsOf(made.csv.get('timewalk.csv'));
    expect(rows.map((row) => [row['chip'], row['channel']])).toEqual(
      [0, 1, 2].flatMap((chip) => [
        [chip, 10],
        [chip, 50],
      ]),
    );
    for (const row of rows) {
      expect(Math.abs(Number(row['counts_per_phase_step']) - 64)).toBeLessThan(1);
      // delay = 3000 / (charge − threshold + 8) counts; the pole lies 8 below the threshold of 70 ± 4 charge units
      expect(Math.abs(Number(row['scale']) / 3000 - 1)).toBeLessThan(0.1);
      expect(Math.abs(Number(row['pole']) - 55)).toBeLessThan(12);
      expect(Number(row['jitter_ps'])).toBeLessThan(40);
    }
  });
});
