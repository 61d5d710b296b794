import { channelWordsPerHalf } from '../hgcroc/layout.js';

/** Fields of a channel word, in the order of their histograms. */
export const field = { adc: 0, tot: 1, toa: 2 } as const;

const codes = 1024;
/**
 * Bins from one histogram to the next. Not a power of two: else the few bins that are hit would all lie in the same
 * sets of the first-level cache.
 */
export const fieldStride = codes + 32;
/** Three histograms a channel word. */
export const wordStride = 3 * fieldStride;
/** The common-mode channels have one histogram each, after those of the channel words of both halves. */
const commonModeBase = 2 * channelWordsPerHalf * wordStride;
const bins = commonModeBase + 4 * fieldStride;

/** First bin of the first of two common-mode channels of a half. */
export function commonModeBin(half: number): number {
  return commonModeBase + 2 * half * fieldStride;
}

/** First bin of the histogram of a field of word 2 + `index` of a half. */
export function channelBin(half: number, index: number, which: number): number {
  return (half * channelWordsPerHalf + index) * wordStride + which * fieldStride;
}

/** Most counts a 16-bit bin takes; the sign bit stays clear, so that four empty bins read as the double 0. */
const smallLimit = 0x7fff;

/**
 * All histograms of one chip, over the 10-bit codes as they stand in the words. Counting is in 16 bits, which half the
 * memory that the processor's cache must hold; before they overflow, counts are folded into 32 bits.
 */
export class ChipHistograms {
  /** Counts are added here by whoever counts; call `counted` for every record. */
  readonly small = new Uint16Array(bins);
  records = 0;
  /** Records whose half 0 and half 1 are corrupt in the header's sense. */
  readonly corruptHeaders: [number, number] = [0, 0];
  private large: Uint32Array | undefined;
  private inSmall = 0;

  counted(): void {
    this.records++;
    if (++this.inSmall === smallLimit) this.fold();
  }

  /** The occupied bins of the histogram that begins at `bin`: codes ascending, their counts; returns how many. */
  occupied(bin: number, into: Occupied): number {
    if (this.large === undefined) return collect(this.small, bin, into);
    this.fold();
    return collect(this.large, bin, into);
  }

  reset(): void {
    this.small.fill(0);
    this.large = undefined;
    this.records = 0;
    this.inSmall = 0;
    this.corruptHeaders.fill(0);
  }

  private fold(): void {
    if (this.inSmall === 0) return;
    const large = (this.large ??= new Uint32Array(bins));
    for (let bin = 0; bin < bins; bin++) large[bin] += this.small[bin];
    this.small.fill(0);
    this.inSmall = 0;
  }
}

/** Occupied bins of one histogram. */
export interface Occupied {
  readonly values: Int32Array;
  readonly counts: Uint32Array;
}

export function newOccupied(): Occupied {
  return { values: new Int32Array(codes), counts: new Uint32Array(codes) };
}

/** Skips empty bins eight bytes at a time. */
function collect(histogram: Uint16Array | Uint32Array, bin: number, into: Occupied): number {
  const width = 8 / histogram.BYTES_PER_ELEMENT;
  const eights = new Float64Array(histogram.buffer, bin * histogram.BYTES_PER_ELEMENT, codes / width);
  let found = 0;
  for (let eight = 0; eight < eights.length; eight++) {
    if (eights[eight] === 0) continue;
    for (let code = eight * width; code < (eight + 1) * width; code++) {
      const count = histogram[bin + code];
      if (count === 0) continue;
      into.values[found] = code;
      into.counts[found] = count;
      found++;
    }
  }
  return found;
}
