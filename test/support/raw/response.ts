import { RawDecoder, type RecordBatch } from '../../../src/domain/hgcroc/raw-decoder.js';
import { firstHalfWord } from '../../../src/domain/hgcroc/record-index.js';

export interface Response {
  readonly adc: number;
  readonly tot: number;
  readonly toa: number;
  readonly adcDeviation: number;
  readonly totEfficiency: number;
  readonly toaEfficiency: number;
}

/** Means of a channel (0 … 71) over a raw file's events; `tot` and `toa` over the events that have them. */
export function summarise(file: Uint8Array): (chip: number, channel: number) => Response {
  const words = new Map<string, number[]>();
  const consume = (batch: RecordBatch) => {
    for (let record = 0; record < batch.count; record++) {
      const chip = batch.words[batch.start[record] + 1];
      for (let channel = 0; channel < 72; channel++) {
        const inHalf = channel % 36;
        const half = batch.start[record] + firstHalfWord + (channel < 36 ? 0 : batch.halfStride);
        const word = batch.words[half + 2 + inHalf + (inHalf < 18 ? 0 : 1)];
        const key = `${chip}/${channel}`;
        words.set(key, [...(words.get(key) ?? []), word]);
      }
    }
  };
  const decoder = new RawDecoder([{ consume }]);
  decoder.push(file);
  decoder.end();
  return (chip, channel) => response(words.get(`${chip}/${channel}`) ?? []);
}

function response(words: readonly number[]): Response {
  const adc = words.map((word) => (word >>> 20) & 0x3ff);
  const tot = words.map((word) => uncompress((word >>> 10) & 0x3ff));
  const toa = words.map((word) => word & 0x3ff);
  const positive = (values: readonly number[]) => values.filter((value) => value > 0);
  return {
    adc: mean(adc),
    adcDeviation: Math.sqrt(mean(adc.map((value) => (value - mean(adc)) ** 2))),
    tot: mean(positive(tot)),
    toa: mean(positive(toa)),
    totEfficiency: positive(tot).length / words.length,
    toaEfficiency: positive(toa).length / words.length,
  };
}

function uncompress(tot: number): number {
  return (tot & 0x200) === 0 ? tot : (tot & 0x1ff) << 3;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
