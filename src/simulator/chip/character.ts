import { mix, normal, scramble } from './random.js';

/** What makes one channel differ from the others of its kind; fixed by the board's seed. */
export interface ChannelCharacter {
  /** ADC counts, with the voltages of the recorded scan. */
  readonly pedestal: number;
  /** Standard deviation of the adc in counts, without common mode. */
  readonly noise: number;
  /** Factor of the amplitude, about 1. */
  readonly gain: number;
  /** Factor of tot, about 1. */
  readonly totGain: number;
  /** Differences of the two thresholds, in charge. */
  readonly toaThreshold: number;
  readonly totThreshold: number;
  /** Offset of toa in counts, mostly that of the half's master TDC. */
  readonly toaOffset: number;
  /** ADC counts per unit of charge in the channel before. */
  readonly crosstalk: number;
}

/** Which of a half's words is meant: channels 0 … 35, calibration channel 36, common mode 37 and 38. */
export type Slot = number;

/** Spread of pedestals over the channels of a board (recorded: 15 without the injected channels). */
const pedestal = { mean: 290, spread: 15 };

/** The character of a channel; `chip` and `half` count from 0. */
export function channelCharacter(seed: number, chip: number, half: number, slot: Slot): ChannelCharacter {
  let state = mix(seed, chip, half, slot);
  const next = () => normal((state = scramble(state + 0x9e3779b9)) >>> 0);
  const commonMode = slot > 36;
  return {
    pedestal: pedestal.mean + pedestal.spread * next(),
    noise: (commonMode ? 2 : 1) * (1.1 + 0.08 * next()),
    gain: 1 + 0.02 * next(),
    totGain: 1 + 0.015 * next(),
    toaThreshold: 2 * next(),
    totThreshold: 3 * next(),
    toaOffset: halfToaOffset(seed, chip, half) + 4 * next(),
    crosstalk: 0.01 * Math.abs(next()),
  };
}

/** Where in the bunch crossing the half's master TDC counts from. */
function halfToaOffset(seed: number, chip: number, half: number): number {
  return mix(seed, chip, half, 0x70a) & 0x3ff;
}

/** Common mode of a half in an event, in ADC counts. */
export const commonModeNoise = 0.45;
