import type { DataFormat } from '../../../src/domain/config/procedure.js';
import { channelWord, commonModeWord, encodeHalf, type RawRecord } from '../../../src/domain/hgcroc/encode.js';
import { seededRandom, type Random } from '../../../src/domain/random.js';

export interface GeneratedRun {
  readonly events: number;
  readonly chips?: number;
  readonly format?: DataFormat;
  readonly seed?: number;
  /** Trigger words, as joined records of newer firmware have them. */
  readonly triggers?: boolean;
}

/** Records with random, plausible contents: pedestals, some hits with tot and toa. */
export function generateRecords(run: GeneratedRun): RawRecord[] {
  const random = seededRandom(run.seed ?? 1);
  const records: RawRecord[] = [];
  for (let event = 0; event < run.events; event++) {
    for (let chip = 0; chip < (run.chips ?? 3); chip++) {
      const halves = [half(random, event, run.format), half(random, event, run.format)] as const;
      const trigger = [Uint32Array.from({ length: 4 }, () => random.integer(2 ** 32))];
      const latency = Uint32Array.from({ length: 20 }, (_, i) => (i < 3 ? 0 : random.integer(4)));
      records.push({ event, chip, halves, ...(run.triggers === true ? { trigger, latency } : {}) });
    }
  }
  return records;
}

function half(random: Random, event: number, format: DataFormat = 'characterisation'): Uint32Array {
  const header = { bunchCrossing: random.integer(3564), eventCounter: event & 63, orbitCounter: random.integer(8) };
  const words = Array.from({ length: 37 }, (_, i) => {
    const hit = random.next() < 0.1;
    const word = {
      adc: Math.max(0, Math.round(250 + 3 * i + 2 * random.normal())),
      tot: hit ? random.integer(4096) : 0,
      toa: hit ? random.integer(1024) : 0,
      totflag: random.integer(4),
      adcm: random.integer(1024),
    };
    return channelWord(word, i === 18 ? 'characterisation' : format);
  });
  return encodeHalf(header, commonModeWord(random.integer(1024), random.integer(1024)), words);
}
