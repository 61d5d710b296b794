import {
  joinedLatencyWords,
  joinedRecordBytes,
  joinedTriggerWords,
  splitRecordBytes,
  wordsPerHalf,
  type RecordLayout,
} from './layout.js';

/** Longest trigger or latency vector of a split record that is believed; more is a damaged count. */
const splitVectorLimit = 256;

/** The first half's words begin this many words after a record's start, in both layouts. */
export const firstHalfWord = 4;

/** From the first half to the second: the split layout has the second vector's count between them. */
export function halfStride(layout: RecordLayout): number {
  return layout === 'split' ? wordsPerHalf + 2 : wordsPerHalf;
}

/** Bytes of a record without trigger words. */
export function plainRecordBytes(layout: RecordLayout): number {
  return layout === 'split' ? splitRecordBytes : joinedRecordBytes;
}

/** Bytes of the longest record that writers make: one with trigger words. More at a file's end was never a record. */
export function longestRecordBytes(layout: RecordLayout): number {
  return plainRecordBytes(layout) + 4 * (joinedTriggerWords + joinedLatencyWords);
}

/** Where the records of a block lie, in words; arrays are reused from block to block. */
export class RecordIndex {
  count = 0;
  readonly start: Int32Array;
  readonly latencyAt: Int32Array;
  readonly latencyWords: Int32Array;

  constructor(readonly capacity: number) {
    this.start = new Int32Array(capacity);
    this.latencyAt = new Int32Array(capacity);
    this.latencyWords = new Int32Array(capacity);
  }

  add(start: number, latencyAt: number, latencyWords: number): void {
    this.start[this.count] = start;
    this.latencyAt[this.count] = latencyAt;
    this.latencyWords[this.count] = latencyWords;
    this.count++;
  }
}

/** How far a block was read: words of whole records, and what is wrong with the record that begins there. */
export interface IndexedBlock {
  readonly usedWords: number;
  readonly problem: string | undefined;
}

/** The layout that the first record's count stands for; undefined where it stands for none. */
export function layoutOf(words: Int32Array): RecordLayout | undefined {
  if (words[3] !== 0) return undefined;
  if (words[2] === wordsPerHalf) return 'split';
  return isJoinedCount(words[2]) ? 'joined' : undefined;
}

/** Finds the whole records among the first `length` words, which begin with a record. */
export function indexRecords(
  words: Int32Array,
  length: number,
  layout: RecordLayout,
  index: RecordIndex,
): IndexedBlock {
  index.count = 0;
  let at = 0;
  while (index.count < index.capacity) {
    const end = layout === 'split' ? splitRecord(words, at, length, index) : joinedRecord(words, at, length, index);
    if (end === incomplete) break;
    if (end < 0) return { usedWords: at, problem: describeProblem(words, -end) };
    at = end;
  }
  return { usedWords: at, problem: undefined };
}

/** The record's end lies beyond the block. */
const incomplete = 0;

/** End of the split record at `at`; `incomplete`; or minus the word of a count that cannot be. */
function splitRecord(words: Int32Array, at: number, length: number, index: RecordIndex): number {
  let count = at + 2;
  for (let half = 0; half < 2; half++) {
    if (count + 2 > length) return incomplete;
    if (words[count] !== wordsPerHalf || words[count + 1] !== 0) return -count;
    count += 2 + wordsPerHalf;
  }
  let latencyAt = 0;
  let latencyWords = 0;
  for (let vector = 0; vector < 5; vector++) {
    if (count + 2 > length) return incomplete;
    latencyWords = words[count];
    if (latencyWords < 0 || latencyWords > splitVectorLimit || words[count + 1] !== 0) return -count;
    latencyAt = count + 2;
    count = latencyAt + latencyWords;
  }
  if (count > length) return incomplete;
  index.add(at, latencyAt, latencyWords);
  return count;
}

function joinedRecord(words: Int32Array, at: number, length: number, index: RecordIndex): number {
  const first = at + 2;
  if (first + 2 > length) return incomplete;
  if (!isJoinedCount(words[first]) || words[first + 1] !== 0) return -first;
  const second = first + 2 + words[first];
  if (second + 2 > length) return incomplete;
  const latencyWords = words[second];
  if ((latencyWords !== 0 && latencyWords !== joinedLatencyWords) || words[second + 1] !== 0) return -second;
  const end = second + 2 + latencyWords;
  if (end > length) return incomplete;
  index.add(at, second + 2, latencyWords);
  return end;
}

function isJoinedCount(count: number): boolean {
  return count === 2 * wordsPerHalf || count === 2 * wordsPerHalf + joinedTriggerWords;
}

function describeProblem(words: Int32Array, at: number): string {
  const count = (BigInt(words[at + 1] >>> 0) << 32n) | BigInt(words[at] >>> 0);
  return `a vector's count is ${count}, which no record of this layout has`;
}
