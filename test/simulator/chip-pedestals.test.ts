import { describe, expect, test } from 'vitest';
import { boardRun } from '../../src/simulator/chip/board.js';
import { mapping } from '../support/plans/daq-procedure.js';
import {
  bothHalves,
  mean,
  recordsOf,
  registersOf,
  sample,
  spread,
  wordsOf,
  type ChipSetting,
} from '../support/raw/chip-sample.js';

const channels = [...Array(72).keys()];

/** Mean adc of every channel. */
function pedestals(setting: ChipSetting): number[] {
  const records = recordsOf(setting);
  return channels.map((channel) => mean(wordsOf(records, channel).map((word) => (word >>> 20) & 0x3ff)));
}

/** How far a setting moves the pedestals, on average. */
function shift(registers: string): number {
  const before = pedestals({ events: 100 });
  return mean(pedestals({ events: 100, registers }).map((pedestal, channel) => pedestal - before[channel]));
}

describe('pedestals', () => {
  test('lie about 290 with a spread of 15 over the channels, as on the recorded board', () => {
    const all = [1, 2, 3, 4, 5].flatMap((seed) => pedestals({ seed, events: 50 }));
    expect(mean(all)).toBeGreaterThan(286);
    expect(mean(all)).toBeLessThan(294);
    expect(spread(all)).toBeGreaterThan(13);
    expect(spread(all)).toBeLessThan(17);
  });

  test('have a noise of about 1.2, of which 0.45 is common to a half', () => {
    const records = recordsOf({ events: 2000 });
    const adc = channels.map((channel) => wordsOf(records, channel).map((word) => (word >>> 20) & 0x3ff));
    const noise = mean(adc.map(spread));
    expect(noise).toBeGreaterThan(1.1);
    expect(noise).toBeLessThan(1.35);
    const common = (half: readonly number[][]) => spread(half[0].map((_, event) => mean(half.map((of) => of[event]))));
    expect(common(adc.slice(0, 36))).toBeCloseTo(0.49, 1); // √(0.45² + 1.1²/36)
    const sums = adc[0].map((_, event) => mean(adc.map((of) => of[event])));
    expect(spread(sums)).toBeLessThan(0.4); // the halves' common modes have nothing in common: 0.45/√2
  });

  test('move with trim_inv, Inv_vref and Noinv_vref', () => {
    const trims = channels.map((channel) => `${channel}: {trim_inv: 10}`).join(', ');
    expect(shift(`ch: {${trims}}`)).toBeCloseTo(20, 0);
    expect(shift(bothHalves({ ReferenceVoltage: 'Inv_vref: 350' }))).toBeCloseTo(-30, 0);
    expect(shift(bothHalves({ ReferenceVoltage: 'Noinv_vref: 200' }))).toBeCloseTo(35, 0);
  });

  test('move in the half alone whose voltage changes', () => {
    const before = pedestals({ events: 100 });
    const after = pedestals({ events: 100, registers: 'ReferenceVoltage: {1: {Inv_vref: 350}}' });
    const shifts = after.map((pedestal, channel) => pedestal - before[channel]);
    expect(Math.max(...shifts.slice(0, 36).map(Math.abs))).toBeLessThan(1);
    expect(Math.max(...shifts.slice(36))).toBeLessThan(-29);
  });

  test('are gone with Channel_off, in that channel alone', () => {
    const off = pedestals({ events: 50, registers: 'ch: {7: {Channel_off: 1}}' });
    expect(off[7]).toBeCloseTo(20, 0);
    expect(Math.min(...off.filter((_, channel) => channel !== 7))).toBeGreaterThan(200);
  });
});

describe('an event', () => {
  const same = (first: ChipSetting, second: ChipSetting): boolean =>
    JSON.stringify(recordsOf({ events: 3, ...first })) === JSON.stringify(recordsOf({ events: 3, ...second }));

  test('is the same for the same board, registers, daq part and number, whenever it is made', () => {
    expect(same({}, {})).toBe(true);
    const run = boardRun({ seed: 1, chips: 1 }, registersOf(), mapping('{}'));
    const late = run.event(1000);
    run.event(3);
    expect(run.event(1000)).toEqual(late);
    expect(run.event(1000)[0].halves).not.toEqual(run.event(1001)[0].halves);
  });

  test('is the same where a register was written with its power-on value, in whatever order', () => {
    expect(same({}, { registers: 'ch: {5: {trim_inv: 0, Channel_off: 0}}' })).toBe(true);
    expect(same({ daq: '{a: 1, b: 2}' }, { daq: '{b: 2, a: 1}' })).toBe(true);
  });

  test.each<[string, ChipSetting]>([
    ['board', { seed: 2 }],
    ['register that changes nothing but the noise', { registers: 'Top: {0: {RunL: 1}}' }],
    ['daq part', { daq: '{active_menu: calibAndL1A}' }],
    ['noise of a run', { noise: 1 }],
  ])('is another one with another %s', (_, other) => {
    expect(same({}, other)).toBe(false);
  });

  test('keeps its pedestals with the fresh noise of another run', () => {
    const [first, second] = [1, 2].map((noise) => pedestals({ events: 400, noise }));
    expect(first).not.toEqual(second);
    expect(Math.max(...first.map((pedestal, channel) => Math.abs(pedestal - second[channel])))).toBeLessThan(0.6);
  });
});

test('the raw format carries the adc of the crossing before, and no tot without charge', () => {
  const registers = bothHalves({ DigitalHalf: 'CalibrationSC: 0' });
  const words = wordsOf(recordsOf({ registers }), 3);
  const pedestal = mean(sample({}, 3).adc);
  expect(words.every((word) => word >>> 30 === 0)).toBe(true);
  expect(mean(words.map((word) => (word >>> 20) & 0x3ff))).toBeCloseTo(pedestal, 0);
  expect(mean(words.map((word) => (word >>> 10) & 0x3ff))).toBeCloseTo(pedestal, 0);
});
