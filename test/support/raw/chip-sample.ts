import { updateMap } from '../../../src/domain/config/overlay.js';
import type { ConfigMap } from '../../../src/domain/config/value.js';
import type { RawRecord } from '../../../src/domain/hgcroc/encode.js';
import { boardRun } from '../../../src/simulator/chip/board.js';
import { mapping } from '../plans/daq-procedure.js';

/** A run of one simulated chip. */
export interface ChipSetting {
  readonly seed?: number;
  /** YAML of blocks of the chip that differ from `usualRegisters`. */
  readonly registers?: string;
  /** YAML of the daq part; without it the injection is fired where `IntCtest` is 1. */
  readonly daq?: string;
  readonly events?: number;
  readonly noise?: number;
}

/** Voltages of the recorded scan; the characterisation format. */
const usualRegisters = bothHalves({
  DigitalHalf: 'CalibrationSC: 1, L1Offset: 10',
  ReferenceVoltage: 'Inv_vref: 300, Noinv_vref: 100, Toa_vref: 400, Tot_vref: 700',
});

/** YAML of blocks that each half has, with the same parameters in both. */
export function bothHalves(blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks)
    .map(([block, parameters]) => `${block}: {0: {${parameters}}, 1: {${parameters}}}`)
    .join('\n');
}

/** Injection of a charge into a channel, as registers. */
export function injection(calib: number, channel: string, more = ''): string {
  return `${bothHalves({ ReferenceVoltage: `Calib: ${calib}, IntCtest: 1` })}\nch: {${channel}}\n${more}`;
}

export function registersOf(registers = '{}'): ConfigMap {
  return new Map([['roc_s0', updateMap(mapping(usualRegisters), mapping(registers))]]);
}

/** The records of a run's events. */
export function recordsOf({ seed = 1, registers, daq = '{}', events = 200, noise = 0 }: ChipSetting): RawRecord[] {
  const run = boardRun({ seed, chips: 1 }, registersOf(registers), mapping(daq), noise);
  return Array.from({ length: events }, (_, event) => run.event(event)).flat();
}

/** Every event's word of a channel (0 … 71): channels 0 … 17, the calibration channel, channels 18 … 35 of a half. */
export function wordsOf(records: readonly RawRecord[], channel: number): number[] {
  const inHalf = channel % 36;
  const word = 2 + inHalf + (inHalf < 18 ? 0 : 1);
  return records.map(({ halves }) => halves[channel < 36 ? 0 : 1][word]);
}

/** Fields of the characterisation format, by event; tot in its unit, compressed words spread again. */
export interface ChannelSample {
  readonly adc: readonly number[];
  readonly tot: readonly number[];
  readonly toa: readonly number[];
}

export function sample(setting: ChipSetting, channel: number): ChannelSample {
  const words = wordsOf(recordsOf(setting), channel);
  const tots = words.map((word) => (word >>> 10) & 0x3ff);
  return {
    adc: words.map((word) => (word >>> 20) & 0x3ff),
    tot: tots.map((tot) => ((tot & 0x200) === 0 ? tot : (tot & 0x1ff) << 3)),
    toa: words.map((word) => word & 0x3ff),
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation. */
export function spread(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)));
}
