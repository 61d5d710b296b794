/**
 * Room: the chip's raw format: words, records, checksums, columns of events.
 * May use: domain, domain/config.
 */

import { findFirstRecord } from './archive-header.js';
import { ChipSlots } from './chip-slots.js';
import { corruptionOfHalf } from './corruption.js';
import { EventSet } from './event-set.js';
import type { RecordLayout } from './layout.js';
import {
  firstHalfWord,
  halfStride,
  indexRecords,
  layoutOf,
  longestRecordBytes,
  plainRecordBytes,
  RecordIndex,
} from './record-index.js';

/** Bytes decoded at a time: longer than any record, short enough to stay in a second-level cache from pass to pass. */
const blockBytes = 1 << 17;
const blockRecords = Math.ceil(blockBytes / plainRecordBytes('joined'));

/** Whole records of a block, in file order. All arrays are reused: use them only within `consume`. */
export interface RecordBatch {
  readonly count: number;
  readonly words: Int32Array;
  /** Word of each record's start; the first half begins `firstHalfWord` later, the second `halfStride` after that. */
  readonly start: Int32Array;
  readonly halfStride: number;
  readonly latencyAt: Int32Array;
  readonly latencyWords: Int32Array;
  /** Corruption bits of halves 0 and 1 of each record, one after the other. */
  readonly corruption: Uint8Array;
  /** Index of each record's chip in `chips`. */
  readonly chipSlot: Uint8Array;
  /** Chip numbers in order of first appearance. */
  readonly chips: readonly number[];
}

/** Takes the records of a file, batch by batch. */
export interface RecordConsumer {
  consume(batch: RecordBatch): void;
}

/** What is known of a raw file when all of it was read. */
export interface RawFacts {
  /** Distinct event numbers with at least one whole record. */
  readonly events: number;
  readonly records: number;
  /** Chip numbers that occur, ascending. */
  readonly chips: readonly number[];
  /** Bytes after the last whole record. */
  readonly truncatedBytes: number;
  /** Halves with any corruption bit, the CRC's included. */
  readonly corruptHalves: number;
  readonly warnings: readonly string[];
}

/** What a decoder works in. */
class BlockMemory {
  readonly bytes = new Uint8Array(blockBytes);
  readonly words = new Int32Array(this.bytes.buffer);
  readonly index = new RecordIndex(blockRecords);
  readonly corruption = new Uint8Array(2 * blockRecords);
  readonly chipSlot = new Uint8Array(blockRecords);
}

/** Memory of a decoder that has ended, for the next one: short files come by the thousand. */
let spare: BlockMemory | undefined;

function takeMemory(): BlockMemory {
  const memory = spare ?? new BlockMemory();
  spare = undefined;
  return memory;
}

/**
 * Decodes a raw file that comes in pieces of any size, in the memory of one block. Reads words by typed arrays of the
 * machine's own byte order, so it wants a little-endian machine.
 */
export class RawDecoder {
  private readonly memory = takeMemory();
  private readonly bytes = this.memory.bytes;
  private readonly words = this.memory.words;
  private readonly index = this.memory.index;
  private readonly corruption = this.memory.corruption;
  private readonly chipSlot = this.memory.chipSlot;
  private filled = 0;
  /** Bytes pushed so far, and offset of the first byte that no whole record has used. */
  private total = 0;
  private decoded = 0;
  private inHeader = true;
  private layout: RecordLayout | undefined;
  /** Set where decoding ended before the file. */
  private problem: string | undefined;
  private readonly slots = new ChipSlots();
  private readonly events = new EventSet();
  private records = 0;
  private corruptHalves = 0;

  constructor(private readonly consumers: readonly RecordConsumer[] = []) {}

  /** Takes the next bytes of the file. Throws a DataError where they show that it is no raw file. */
  push(bytes: Uint8Array): void {
    this.total += bytes.length;
    let at = 0;
    while (at < bytes.length && this.problem === undefined) {
      const taken = Math.min(blockBytes - this.filled, bytes.length - at);
      this.bytes.set(bytes.subarray(at, at + taken), this.filled);
      this.filled += taken;
      at += taken;
      if (this.filled === blockBytes) this.decodeBlock();
    }
  }

  /** Call once after the last byte: decodes what is left and tells what the file was. */
  end(): RawFacts {
    if (this.problem === undefined) this.decodeBlock();
    spare = this.memory;
    return {
      events: this.events.size,
      records: this.records,
      chips: this.slots.chips.toSorted((a, b) => a - b),
      truncatedBytes: this.total - this.decoded,
      corruptHalves: this.corruptHalves,
      warnings: this.warnings(),
    };
  }

  private decodeBlock(): void {
    if (this.inHeader) this.skipHeader();
    this.layout ??= this.findLayout();
    if (this.layout === undefined) return;
    const length = this.filled >>> 2;
    const { usedWords, problem } = indexRecords(this.words, length, this.layout, this.index);
    if (this.index.count > 0) this.consume(this.layout);
    this.drop(4 * usedWords);
    this.problem = problem;
  }

  private skipHeader(): void {
    this.drop(findFirstRecord(this.bytes.subarray(0, this.filled)));
    this.inHeader = false;
  }

  private findLayout(): RecordLayout | undefined {
    if (this.filled < 16) return undefined;
    const layout = layoutOf(this.words);
    if (layout === undefined) this.problem = 'its first count is that of no known layout';
    return layout;
  }

  /** Moves what follows to the block's beginning, so that every record begins on a whole word. */
  private drop(used: number): void {
    this.bytes.copyWithin(0, used, this.filled);
    this.filled -= used;
    this.decoded += used;
  }

  private consume(layout: RecordLayout): void {
    const { start, latencyAt, latencyWords, count } = this.index;
    const stride = halfStride(layout);
    this.checkHalves(count, stride);
    const batch: RecordBatch = {
      count,
      words: this.words,
      start,
      halfStride: stride,
      latencyAt,
      latencyWords,
      corruption: this.corruption,
      chipSlot: this.chipSlot,
      chips: this.slots.chips,
    };
    for (const consumer of this.consumers) consumer.consume(batch);
    this.records += count;
  }

  private checkHalves(count: number, stride: number): void {
    const { words, corruption, chipSlot, slots, events } = this;
    const start = this.index.start;
    let corrupt = 0;
    for (let record = 0; record < count; record++) {
      const at = start[record];
      events.add(words[at]);
      chipSlot[record] = slots.slotOf(words[at + 1]);
      const first = corruptionOfHalf(words, at + firstHalfWord);
      const second = corruptionOfHalf(words, at + firstHalfWord + stride);
      corruption[2 * record] = first;
      corruption[2 * record + 1] = second;
      corrupt += (-first >>> 31) + (-second >>> 31);
    }
    this.corruptHalves += corrupt;
  }

  private warnings(): readonly string[] {
    const rest = this.total - this.decoded;
    const where = `the record at offset ${this.decoded}`;
    const left = `the last ${rest} bytes of the file are left out`;
    if (this.problem !== undefined) return [`${where} is damaged (${this.problem}): ${left}`];
    const reachesPast = this.layout !== undefined && rest > longestRecordBytes(this.layout);
    return reachesPast ? [`${where} reaches past the end of the file by its counts: ${left}`] : [];
  }
}
