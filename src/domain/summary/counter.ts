import { headerCorruption } from '../hgcroc/corruption.js';
import { channelWordsPerHalf, firstChannelWord } from '../hgcroc/layout.js';
import type { RecordBatch, RecordConsumer } from '../hgcroc/raw-decoder.js';
import { firstHalfWord } from '../hgcroc/record-index.js';
import { ChipHistograms, commonModeBin, fieldStride, wordStride } from './histograms.js';

/** Counts the codes of all channels of all chips, for a summary. Can be used for one file after the other. */
export class SummaryCounter implements RecordConsumer {
  private readonly histograms: ChipHistograms[] = [];
  private numbers: readonly number[] = [];

  consume(batch: RecordBatch): void {
    while (this.histograms.length < batch.chips.length) this.histograms.push(new ChipHistograms());
    this.numbers = batch.chips;
    const { words, start, corruption, chipSlot, halfStride } = batch;
    for (let record = 0; record < batch.count; record++) {
      const chip = this.histograms[chipSlot[record]];
      const first = start[record] + firstHalfWord;
      countHalf(words, first, chip.small, 0);
      countHalf(words, first + halfStride, chip.small, 1);
      chip.corruptHeaders[0] += isCorrupt(corruption[2 * record]);
      chip.corruptHeaders[1] += isCorrupt(corruption[2 * record + 1]);
      chip.counted();
    }
  }

  /** Chip numbers that have records, ascending, with their histograms. */
  chips(): readonly { readonly chip: number; readonly histograms: ChipHistograms }[] {
    return this.numbers
      .map((chip, slot) => ({ chip, histograms: this.histograms[slot] }))
      .toSorted((a, b) => a.chip - b.chip);
  }

  /** Forgets what was counted and keeps the memory. */
  reset(): void {
    for (const chip of this.histograms) if (chip.records > 0) chip.reset();
    this.numbers = [];
  }
}

function isCorrupt(bits: number): number {
  return -(bits & headerCorruption) >>> 31;
}

function countHalf(words: Int32Array, at: number, counts: Uint16Array, half: number): void {
  const common = commonModeBin(half);
  const commonMode = words[at + 1];
  counts[common + ((commonMode >>> 10) & 0x3ff)]++;
  counts[common + fieldStride + (commonMode & 0x3ff)]++;
  let bin = half * channelWordsPerHalf * wordStride;
  const end = at + firstChannelWord + channelWordsPerHalf;
  for (let i = at + firstChannelWord; i < end; i++) {
    const word = words[i];
    counts[bin + ((word >>> 20) & 0x3ff)]++;
    counts[bin + fieldStride + ((word >>> 10) & 0x3ff)]++;
    counts[bin + 2 * fieldStride + (word & 0x3ff)]++;
    bin += wordStride;
  }
}
