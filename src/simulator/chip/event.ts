import type { DataFormat } from '../../domain/config/procedure.js';
import { channelWord, commonModeWord, headerWord, sealHalf, type RawRecord } from '../../domain/hgcroc/encode.js';
import { firstChannelWord, wordsPerHalf } from '../../domain/hgcroc/layout.js';
import { commonModeNoise } from './character.js';
import type { OperatingPoint } from './operating-point.js';
import { mix, normal, scramble } from './random.js';

/** All that a chip's records of one run follow from. */
export interface ChipRun {
  readonly chip: number;
  /** Mixed from the board's seed, all registers and the daq part, and a run number where fresh noise is asked for. */
  readonly noiseSeed: number;
  readonly halves: readonly [readonly OperatingPoint[], readonly OperatingPoint[]];
  readonly formats: readonly [DataFormat, DataFormat];
  readonly triggerData: boolean;
}

/** Charge noise per standard deviation of the adc: what makes thresholds soft. */
const chargeNoise = 0.2;
/** Standard deviation of tot in its unit. */
const totNoise = 0.5;
/** Bunch crossing that the recorded headers carry. */
const bunchCrossing = 44;

/** The record of one event; the same whenever it is asked for. */
export function makeRecord(run: ChipRun, event: number): RawRecord {
  const record = { event, chip: run.chip, halves: [makeHalf(run, event, 0), makeHalf(run, event, 1)] as const };
  return run.triggerData ? { ...record, ...triggerWords(run, event) } : record;
}

function makeHalf(run: ChipRun, event: number, half: 0 | 1): Uint32Array {
  const words = new Uint32Array(wordsPerHalf);
  const points = run.halves[half];
  const seed = mix(run.noiseSeed, event, half);
  const common = commonModeNoise * normal(seed);
  words[0] = headerWord({ bunchCrossing, eventCounter: (event + 1) & 0x3f, orbitCounter: 0 });
  words[1] = commonModeWord(adcOf(points[37], seed + 37, common), adcOf(points[38], seed + 38, common));
  for (let slot = 0; slot < 37; slot++) {
    const word = firstChannelWord + (slot < 18 ? slot : slot === 36 ? 18 : slot + 1);
    const format = slot === 36 ? 'characterisation' : run.formats[half];
    words[word] = makeChannelWord(points[slot], seed + slot, common, format);
  }
  return sealHalf(words);
}

function makeChannelWord(point: OperatingPoint, seed: number, common: number, format: DataFormat): number {
  const mixed = scramble(seed);
  const amplitude = normal(mixed >>> 0);
  const time = normal(scramble(mixed) >>> 0);
  const charge = point.charge + chargeNoise * amplitude;
  const tot = charge > point.totThreshold ? Math.max(1, Math.round(point.tot + totNoise * time)) : 0;
  const toa =
    point.output + chargeNoise * amplitude > point.toaThreshold ? toaCount(point.toa + point.toaNoise * time) : 0;
  const adc = clip(point.adc + point.noise * amplitude + common);
  const adcm = format === 'raw' ? clip(point.adcPrevious + point.noise * time + common) : 0;
  return channelWord({ adc, tot, toa, adcm, totflag: tot > 0 ? 3 : 0 }, format);
}

function adcOf(point: OperatingPoint, seed: number, common: number): number {
  return clip(point.adc + point.noise * normal(scramble(seed) >>> 0) + common);
}

function clip(adc: number): number {
  return adc <= 0 ? 0 : adc >= 1023 ? 1023 : Math.round(adc);
}

/** toa counts from 0 to 1023 and begins anew; 0 is kept for "none". */
function toaCount(toa: number): number {
  return Math.max(1, Math.round(toa) & 0x3ff);
}

/** Four trigger words (sums of the halves) and 20 latency words in which one bit run stands. */
function triggerWords(run: ChipRun, event: number): { trigger: Uint32Array[]; latency: Uint32Array } {
  const seed = mix(run.noiseSeed, event, 2);
  const sum = run.halves.flat().reduce((total, point) => total + Math.max(0, point.charge), 0);
  const trigger = [0, 1, 2, 3].map((link) => Uint32Array.of((Math.round(sum) + (mix(seed, link) & 7)) >>> 0));
  const latency = new Uint32Array(20);
  const first = 300 + (seed & 15); // bit at which the trigger arrives, of 640
  const width = 1 + ((seed >>> 8) & 3);
  for (let bit = first; bit < first + width; bit++) latency[bit >> 5] |= 0x80000000 >>> (bit & 31);
  return { trigger, latency };
}
