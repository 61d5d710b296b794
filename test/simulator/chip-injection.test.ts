import { describe, expect, test } from 'vitest';
import { bothHalves, injection, mean, recordsOf, sample, spread, wordsOf } from '../support/raw/chip-sample.js';

const channel = 10;
const high = `${channel}: {HighRange: 1}`;
const pedestal = mean(sample({}, channel).adc);

/** Mean adc above the pedestal with a charge injected. */
function height(calib: number, capacitors: string, more = ''): number {
  const into = `${channel}: {${capacitors}}`;
  return mean(sample({ registers: injection(calib, into, more) }, channel).adc) - pedestal;
}

/** What a channel answers to a charge through the large capacitor. */
function response(calib: number, more = '', events = 200) {
  return sample({ registers: injection(calib, high, more), events }, channel);
}

const share = (values: readonly number[]): number => values.filter((value) => value > 0).length / values.length;
const reference = (parameters: string): string => bothHalves({ ReferenceVoltage: parameters });
/** `injection` and more voltages: of two blocks of the same name the later one would replace the former. */
const withVoltage = (calib: number, voltages: string, setting = '{HighRange: 1}'): string =>
  `${reference(`Calib: ${calib}, IntCtest: 1, ${voltages}`)}\nch: {${channel}: ${setting}}`;

describe('adc', () => {
  test('grows by about 7 counts per step of Calib through the large capacitor, a sixteenth through the small one', () => {
    expect((height(60, 'HighRange: 1') - height(20, 'HighRange: 1')) / 40).toBeGreaterThan(6);
    expect((height(60, 'HighRange: 1') - height(20, 'HighRange: 1')) / 40).toBeLessThan(8);
    const small = (height(400, 'LowRange: 1') - height(80, 'LowRange: 1')) / 320;
    expect(small * 16).toBeGreaterThan(6);
    expect(small * 16).toBeLessThan(8);
    expect(height(80, 'LowRange: 1, HighRange: 1')).toBeGreaterThan(height(80, 'HighRange: 1') + 10);
  });

  test('ends at 1023', () => {
    expect(new Set(response(2000).adc)).toEqual(new Set([1023]));
    expect(Math.max(...response(80).adc)).toBeLessThan(1023);
  });

  test('shows a charge only with IntCtest, a capacitor and a menu that injects', () => {
    expect(height(500, 'HighRange: 0')).toBeCloseTo(0, 0);
    const off = `${reference('Calib: 500, IntCtest: 0')}\nch: {${high}}`;
    expect(mean(sample({ registers: off }, channel).adc)).toBeCloseTo(pedestal, 0);
    const random = { registers: injection(500, high), daq: 'active_menu: randomL1A' };
    expect(mean(sample(random, channel).adc)).toBeCloseTo(pedestal, 0);
    expect(height(500, 'HighRange: 1')).toBeGreaterThan(700);
  });

  test('follows the pulse: less with every step of the phase past the peak, nothing a crossing early', () => {
    const heights = [2, 6, 10].map((phase) => height(40, 'HighRange: 1', `Top: {0: {phase_strobe: ${phase}}}`));
    expect(heights[0]).toBeGreaterThan(heights[1] + 10);
    expect(heights[1]).toBeGreaterThan(heights[2] + 10);
    expect(height(40, 'HighRange: 1', bothHalves({ DigitalHalf: 'CalibrationSC: 1, L1Offset: 11' }))).toBeCloseTo(0, 0);
  });

  test('is a little higher beside an injected channel', () => {
    const beside = mean(sample({ registers: injection(2000, high) }, channel + 1).adc);
    expect(beside).toBeGreaterThan(mean(sample({}, channel + 1).adc) + 0.5);
  });
});

describe('tot', () => {
  test('is measured above its threshold and grows with the charge', () => {
    expect(share(response(100).tot)).toBe(0);
    expect(share(response(300).tot)).toBe(1);
    const slope = (mean(response(1800).tot) - mean(response(800).tot)) / 1000;
    expect(slope).toBeGreaterThan(0.72);
    expect(slope).toBeLessThan(0.84);
  });

  test('has a threshold that rises with Tot_vref and falls with trim_tot', () => {
    expect(share(sample({ registers: withVoltage(200, 'Tot_vref: 700') }, channel).tot)).toBe(1);
    expect(share(sample({ registers: withVoltage(200, 'Tot_vref: 800') }, channel).tot)).toBe(0);
    const trimmed = withVoltage(200, 'Tot_vref: 800', '{HighRange: 1, trim_tot: 63}');
    expect(share(sample({ registers: trimmed }, channel).tot)).toBe(1);
  });

  test('takes the place of the adc in the raw format, with its flag', () => {
    const registers = injection(1000, high, bothHalves({ DigitalHalf: 'CalibrationSC: 0, L1Offset: 10' }));
    const words = wordsOf(recordsOf({ registers }), channel);
    expect(words.every((word) => word >>> 30 === 3)).toBe(true);
    const tots = words.map((word) => (word >>> 10) & 0x3ff);
    expect(tots.every((tot) => (tot & 0x200) !== 0)).toBe(true); // above 512: compressed
    expect(mean(tots.map((tot) => (tot & 0x1ff) << 3))).toBeCloseTo(mean(response(1000).tot), -1);
  });

  test('is not measured with mask_tot or DIS_TDC', () => {
    for (const mask of ['mask_tot: 1', 'DIS_TDC: 1']) {
      const registers = injection(1000, `${channel}: {HighRange: 1, ${mask}}`);
      expect(share(sample({ registers }, channel).tot)).toBe(0);
    }
  });
});

describe('toa', () => {
  const at = (calib: number, voltages: string, setting = '{HighRange: 1}') =>
    share(sample({ registers: withVoltage(calib, voltages, setting) }, channel).toa);

  test('has a threshold that rises with Toa_vref, and a step of trim_toa lowers it like two of Toa_vref', () => {
    expect(at(50, 'Toa_vref: 200')).toBe(1);
    expect(at(50, 'Toa_vref: 450')).toBe(0);
    expect(at(50, 'Toa_vref: 450', '{HighRange: 1, trim_toa: 63}')).toBe(1);
    expect(at(90, 'Toa_vref: 450')).toBe(1);
  });

  test('is not measured with mask_toa', () => {
    expect(at(500, 'Toa_vref: 200', '{HighRange: 1, mask_toa: 1}')).toBe(0);
  });

  test('is later for smaller charges: the timewalk', () => {
    const of = (calib: number) => mean(response(calib).toa);
    const late = [80, 100, 200, 1000].map((calib) => (of(calib) - of(2000) + 2048) % 1024);
    expect(late[0]).toBeGreaterThan(late[1] + 20);
    expect(late[1]).toBeGreaterThan(late[2] + 20);
    expect(late[2]).toBeGreaterThan(late[3] + 5);
    expect(late[3]).toBeLessThan(5);
  });

  test('moves by 64 counts per step of phase_strobe, modulo 1024', () => {
    const of = (phase: number) => mean(response(1000, `Top: {0: {phase_strobe: ${phase}}}`).toa);
    const steps = [0, 1, 2, 3, 4, 5, 6, 7].map((phase) => (of(phase + 1) - of(phase) + 1024) % 1024);
    for (const step of steps) expect(step).toBeCloseTo(64, 0);
  });

  test('is measured badly by a master TDC that is held in its start-up state', () => {
    const held = bothHalves({ MasterTdc: 'EN_MASTER_CTDC_VOUT_INIT: 1' });
    expect(spread(response(1000, held, 400).toa)).toBeGreaterThan(20);
    expect(spread(response(1000, '', 400).toa)).toBeLessThan(2);
  });
});

describe('trigger words', () => {
  const records = (daq: string, calib = 500) => recordsOf({ registers: injection(calib, high), daq, events: 20 });
  const menu = 'active_menu: calibAndL1A\nmenus: {calibAndL1A: {NEvents: 20, trg_fifo_latency: 3}}';

  test('come with a menu that asks for them: four sums and 20 words of latency', () => {
    const [record] = records(menu);
    expect(record.trigger?.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
    expect(record.latency).toHaveLength(20);
    expect(records('active_menu: calibAndL1A')[0].trigger).toBeUndefined();
  });

  test('sum what was injected, and mark when in the latency', () => {
    const sums = (calib: number) =>
      mean(records(menu, calib).flatMap(({ trigger }) => trigger?.map(([sum]) => sum) ?? []));
    expect(sums(1000) - sums(500)).toBeGreaterThan(490);
    expect(sums(1000) - sums(500)).toBeLessThan(510);
    for (const { latency } of records(menu)) {
      const bits = [...(latency ?? [])].map((word) => word.toString(2).padStart(32, '0')).join('');
      expect(bits).toMatch(/^0+1+0+$/);
      expect(bits.indexOf('1')).toBeGreaterThanOrEqual(300);
      expect(bits.indexOf('1')).toBeLessThan(316);
    }
  });
});
