import { describe, expect, it } from 'vitest';
import { PedestalCalibration } from '../../src/analyses/pedestal-calibration.js';
import { deviation } from '../../src/analyses/math/statistics.js';
import { valueAt, type ConfigMap } from '../../src/domain/config/value.js';
import { seededRandom } from '../../src/domain/random.js';
import { runInMemory, rowsOf } from '../support/plans/analysis.js';
import { columnsOf, knownBoard, type KnownChannel } from '../support/stand/known-board.js';
import { memoryTable } from '../support/tables/tables.js';

const board = knownBoard();
const random = seededRandom(9);
const answer = (channel: KnownChannel, trim: number, vref: number): number =>
  channel.pedestal + channel.trimSlope * trim - 0.6 * (vref - 300) + 0.05 * random.normal();

function scan(
  trims: readonly number[],
  references: readonly number[],
  { corruptTrim = NaN, other = [0] }: { readonly corruptTrim?: number; readonly other?: readonly number[] } = {},
) {
  const points = trims.flatMap((trim) => references.flatMap((vref) => other.map((delay) => ({ trim, vref, delay }))));
  const rows = points.flatMap(({ trim, vref, delay }) =>
    board.map((channel) => ({
      chip: channel.chip,
      channel: channel.channel,
      channeltype: 0,
      trim_inv: trim,
      Inv_vref: vref,
      delay,
      corruption: trim === corruptTrim ? 0.1 : 0,
      adc_mean: trim === corruptTrim ? 500 : channel.channel === 7 ? 20 : answer(channel, trim, vref), // channel 7 of both chips is dead
    })),
  );
  return memoryTable(columnsOf(rows));
}

/** Pedestals of the living channels with the calibration written to the chips. */
function calibrated(fragment: ConfigMap | undefined): number[] {
  return board
    .filter(({ channel }) => channel !== 7)
    .map((channel) => {
      const chip = ['target', `roc_s${channel.chip}`];
      const at = (path: (string | number)[], otherwise: number): number => {
        const value = valueAt(fragment ?? new Map(), [...chip, ...path]);
        return value === undefined ? otherwise : Number(value);
      };
      const half = channel.channel < 36 ? 0 : 1;
      return answer(
        channel,
        at(['ch', channel.channel, 'trim_inv'], 0),
        at(['ReferenceVoltage', half, 'Inv_vref'], 300),
      );
    });
}

describe('pedestal calibration', () => {
  it('brings the spread down more than five-fold with trims alone', async () => {
    const made = await runInMemory(PedestalCalibration, [scan([0, 16, 32, 48], [300])]);
    expect(made.missing).toEqual([]);
    const before = deviation(board.map(({ pedestal }) => pedestal));
    const after = calibrated(made.calibrations.get('pedestal_calibration.yaml'));
    expect(deviation(after)).toBeLessThan(before / 5);
    expect(made.quality).toMatchObject({ verdict: 'accept', reason: expect.stringMatching(/2 of 144 channels/) });
    expect(made.warnings).toHaveLength(2);
    expect(made.warnings[0]).toContain('chip 0, channel 7');
  });

  it('reaches a target with trims and reference voltages, and writes integer keys', async () => {
    const made = await runInMemory(
      PedestalCalibration,
      [scan([0, 30, 60], [280, 300, 320])],
      new Map([['target', 250]]),
    );
    const fragment = made.calibrations.get('pedestal_calibration.yaml');
    const after = calibrated(fragment);
    expect(Math.max(...after.map((value) => Math.abs(value - 250)))).toBeLessThan(2);
    expect(valueAt(fragment ?? new Map(), ['target', 'roc_s1', 'ReferenceVoltage', 1, 'Inv_vref'])).toEqual(
      expect.any(Number),
    );
    expect(valueAt(fragment ?? new Map(), ['target', 'roc_s0', 'ch', 7])).toBeUndefined();
  });

  it('says which channels cannot reach a target, and rejects what helps few', async () => {
    const made = await runInMemory(PedestalCalibration, [scan([0, 16, 32, 48], [300])], new Map([['target', 600]]));
    const rows = rowsOf(made.csv.get('pedestal_calibration.csv'));
    expect(rows.every((row) => row['reached'] === 'false' && row['trim'] === 63)).toBe(true);
    expect(made.quality?.verdict).toBe('reject');
  });

  it('accepts reference voltages that bring the halves together, where no trim was scanned', async () => {
    const made = await runInMemory(PedestalCalibration, [scan([0], [280, 300, 320])]);
    expect(made.quality).toMatchObject({ verdict: 'accept', reason: expect.stringMatching(/^distance of the halves/) });
  });

  it('asks a human where the spread falls by less than the stated factor, or many are out of reach', async () => {
    const factor = new Map([['min_improvement', 1000]]);
    const asked = await runInMemory(PedestalCalibration, [scan([0, 16, 32, 48], [300])], factor);
    expect(asked.quality?.verdict).toBe('accept'); // a step of the trim leaves no more to gain
    const far = new Map([['target', 310]]); // the trims end at 63 steps of 2 counts
    const partly = await runInMemory(PedestalCalibration, [scan([0, 16, 32, 48], [300])], far);
    const lost = rowsOf(partly.csv.get('pedestal_calibration.csv')).filter((row) => row['reached'] === 'false').length;
    expect(lost).toBeGreaterThan(15);
    expect(lost).toBeLessThan(70);
    expect(partly.quality).toMatchObject({ verdict: 'ask', timeout: 3600, default: 'reject' });
    expect(partly.quality?.reason).toMatch(/more than 10 % out of reach$/);
    const allowed = await runInMemory(
      PedestalCalibration,
      [scan([0, 16, 32, 48], [300])],
      new Map([...far, ['max_out_of_reach', 0.5], ['min_improvement', 1]]),
    );
    expect(allowed.quality?.verdict).toBe('accept');
  });

  it('leaves corrupt and injected rows out, and refuses a scan over something else', async () => {
    const made = await runInMemory(PedestalCalibration, [scan([0, 16, 32, 48], [300], { corruptTrim: 16 })]);
    expect(made.warnings[0]).toContain('144 of 576 rows left out');
    expect(deviation(calibrated(made.calibrations.get('pedestal_calibration.yaml')))).toBeLessThan(3);
    const other = scan([0, 16, 32, 48], [300], { other: [0, 1] });
    await expect(runInMemory(PedestalCalibration, [other])).rejects.toThrow('the table also scans delay');
  });

  it('asks for a scan where nothing was scanned', async () => {
    await expect(runInMemory(PedestalCalibration, [scan([0], [300])])).rejects.toMatchObject({
      message: 'no pedestal follows trim_inv or Inv_vref in this table',
      remedy: expect.stringContaining('scan trim_inv'),
    });
  });
});
