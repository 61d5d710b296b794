import { describe, expect, it } from 'vitest';
import { erf } from '../../src/analyses/math/s-curve.js';
import { deviation, mean } from '../../src/analyses/math/statistics.js';
import { ToaCalibration } from '../../src/analyses/toa-calibration.js';
import { ToaThresholdScan } from '../../src/analyses/toa-threshold-scan.js';
import { valueAt, type ConfigMap } from '../../src/domain/config/value.js';
import { seededRandom } from '../../src/domain/random.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';

const random = seededRandom(11);
const events = 500;
/** Charge threshold = 0.28 · (Toa_vref − 150 − 2 · trim_toa) + the channel's own offset; noise of 1.5 DAC steps. */
const offsets = Array.from({ length: 144 }, () => 6 * random.normal());
const threshold = (channel: number, vref: number, trim: number): number =>
  0.28 * (vref - 150 - 2 * trim) + offsets[channel];
const noise = 1.5;

interface Point {
  readonly Toa_vref: number;
  readonly Calib: number;
  readonly trim_toa: number;
}

/** @param trimOf the trim of each of the 144 channels, where it is not that of the point */
function scan(
  points: readonly Point[],
  trimOf?: (place: number) => number,
  axes?: readonly { name: string; length: number }[],
) {
  const rows = points.flatMap((given) =>
    offsets.map((_, i) => {
      const point = trimOf === undefined ? given : { ...given, trim_toa: trimOf(i) };
      const above = point.Calib - threshold(i, point.Toa_vref, point.trim_toa);
      const expected = i % 72 === 9 ? 0 : 0.5 * (1 + erf(above / (Math.SQRT2 * noise))); // channel 9 never fires
      const fired = Array.from({ length: events }, () => random.next()).filter((chance) => chance < expected).length;
      const efficiency = fired / events;
      const error = Math.sqrt((efficiency * (1 - efficiency)) / events);
      const place = { chip: Math.floor(i / 72), channel: i % 72, channeltype: 0 };
      return { ...place, ...point, toa_efficiency: efficiency, toa_efficiency_error: error };
    }),
  );
  return memoryTable(columnsOf(rows), axes === undefined ? undefined : { procedure: 'p', axes });
}

const steps = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);

describe('ToA threshold scan', () => {
  it('finds threshold and noise of every channel along Calib', async () => {
    const table = scan(steps(0, 60, 2).map((Calib) => ({ Calib, Toa_vref: 250, trim_toa: 0 })));
    const made = await runInMemory(ToaThresholdScan, [table]);
    expect(made.missing).toEqual([]);
    const rows = rowsOf(made.csv.get('toa_threshold_scan.csv'));
    const good = rows.filter((row) => row['channel'] !== 9);
    const pulls = good.map((row, i) => {
      const channel = Number(row['chip']) * 72 + Number(row['channel']);
      expect(row['rises'], `row ${i}`).toBe(1);
      return (Number(row['threshold_Calib']) - threshold(channel, 250, 0)) / Number(row['threshold_error']);
    });
    expect(Math.abs(mean(pulls))).toBeLessThan(0.4);
    expect(deviation(pulls)).toBeLessThan(1.3);
    expect(mean(good.map((row) => Number(row['noise_Calib'])))).toBeCloseTo(noise, 1);
    expect(rows.filter((row) => row['channel'] === 9).every((row) => Number.isNaN(row['threshold_Calib']))).toBe(true);
  });

  it('finds falling curves along Toa_vref for every charge', async () => {
    const points = [60, 80].flatMap((Calib) =>
      steps(300, 500, 4).map((Toa_vref) => ({ Calib, Toa_vref, trim_toa: 0 })),
    );
    const made = await runInMemory(ToaThresholdScan, [scan(points)]);
    const rows = rowsOf(made.csv.get('toa_threshold_scan.csv')).filter((row) => row['channel'] !== 9);
    expect(rows).toHaveLength(2 * 142);
    for (const row of rows) {
      const channel = Number(row['chip']) * 72 + Number(row['channel']);
      const expected = 150 + (Number(row['Calib']) - offsets[channel]) / 0.28;
      expect(Math.abs(Number(row['threshold_Toa_vref']) - expected)).toBeLessThan(3);
      expect(row['rises']).toBe(0);
    }
  });

  it('takes trims that differ between channels alone for no condition: the check after a calibration', async () => {
    const points = steps(0, 60, 2).map((Calib) => ({ Calib, Toa_vref: 250, trim_toa: 0 }));
    const made = await runInMemory(ToaThresholdScan, [scan(points, (i) => i % 7)]);
    const rows = rowsOf(made.csv.get('toa_threshold_scan.csv'));
    expect(rows).toHaveLength(144);
    expect(Object.keys(rows[0])).not.toContain('trim_toa');
    const map = made.plots.get('threshold_map') as { data: { values: unknown[] } };
    expect(map.data.values).toHaveLength(142);
  });

  it('keeps the settings of an axis that it does not use apart, and calibrates none of several', async () => {
    const one = steps(0, 60, 2).map((Calib) => ({ Calib, Toa_vref: 250, trim_toa: 0, delay: 0 }));
    const other = one.map((point) => ({ ...point, Toa_vref: 270, delay: 1 }));
    const axes = ['Calib', 'delay'].map((name) => ({ name, length: 2 }));
    const table = scan([...one, ...other], undefined, axes);
    const made = await runInMemory(ToaThresholdScan, [table]);
    const rows = rowsOf(made.csv.get('toa_threshold_scan.csv')).filter((row) => row['channel'] === 4);
    expect(rows.map((row) => row['Toa_vref'])).toEqual([250, 270, 250, 270]); // which says what `delay` would say
    const moved = scan(
      one.flatMap((point) => [point, { ...point, delay: 1 }]),
      undefined,
      axes,
    );
    const again = await runInMemory(ToaThresholdScan, [moved]);
    expect(new Set(rowsOf(again.csv.get('toa_threshold_scan.csv')).map(({ delay }) => delay))).toEqual(new Set([0, 1]));
    await expect(runInMemory(ToaCalibration, [moved])).rejects.toThrow('the table also scans delay');
  });

  it('says what to scan where neither axis was moved', async () => {
    const table = scan([{ Calib: 10, Toa_vref: 250, trim_toa: 0 }]);
    await expect(runInMemory(ToaThresholdScan, [table])).rejects.toThrow('scans neither Toa_vref nor Calib');
  });
});

describe('ToA calibration', () => {
  /** Charge thresholds of the firing channels with the calibration written to the chips. */
  const calibrated = (fragment: ConfigMap | undefined): number[] =>
    offsets.flatMap((_, i) => {
      if (i % 72 === 9) return [];
      const at = (...path: (string | number)[]): number =>
        Number(valueAt(fragment ?? new Map(), ['target', `roc_s${Math.floor(i / 72)}`, ...path]) ?? NaN);
      const vref = at('ReferenceVoltage', i % 72 < 36 ? 0 : 1, 'Toa_vref');
      return [threshold(i, Number.isNaN(vref) ? 250 : vref, at('ch', i % 72, 'trim_toa'))];
    });
  const before = deviation(offsets);

  it('makes the injected charge the threshold of all channels, from curves along Toa_vref', async () => {
    const points = [0, 20, 40, 60].flatMap((trim_toa) =>
      steps(250, 600, 5).map((Toa_vref) => ({ Calib: 60, Toa_vref, trim_toa })),
    );
    const made = await runInMemory(ToaCalibration, [scan(points)]);
    expect(made.missing).toEqual([]);
    const after = calibrated(made.calibrations.get('toa_calibration.yaml'));
    expect(deviation(after)).toBeLessThan(before / 5);
    expect(Math.abs(mean(after) - 60)).toBeLessThan(1);
    expect(made.quality?.verdict).toBe('accept');
    expect(made.warnings).toHaveLength(2);
  });

  it('trims to a target in charge, from curves along Calib', async () => {
    const points = [0, 20, 40, 60].flatMap((trim_toa) =>
      steps(0, 60, 2).map((Calib) => ({ Calib, Toa_vref: 280, trim_toa })),
    );
    const made = await runInMemory(ToaCalibration, [scan(points)], new Map([['target', 20]]));
    const fragment = made.calibrations.get('toa_calibration.yaml');
    expect(valueAt(fragment ?? new Map(), ['target', 'roc_s0', 'ReferenceVoltage'])).toBeUndefined();
    const trims = offsets.map((_, i) =>
      Number(valueAt(fragment ?? new Map(), ['target', `roc_s${Math.floor(i / 72)}`, 'ch', i % 72, 'trim_toa']) ?? NaN),
    );
    const after = offsets.flatMap((_, i) => (i % 72 === 9 ? [] : [threshold(i, 280, trims[i])]));
    expect(Math.abs(mean(after) - 20)).toBeLessThan(0.5);
    expect(deviation(after)).toBeLessThan(before / 5);
  });
});
