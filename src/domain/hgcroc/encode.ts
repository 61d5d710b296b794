import type { DataFormat } from '../config/procedure.js';
import { crcOfHalf } from './crc.js';
import {
  archiveHeaderBytes,
  archiveSignature,
  channelWordsPerHalf,
  crcWord,
  firstChannelWord,
  idlePattern,
  idleWord,
  wordsPerHalf,
  type RecordLayout,
} from './layout.js';

/** What a channel measured in one event; `tot` up to 12 bits, the others 10 bits. */
export interface ChannelHit {
  readonly adc: number;
  readonly tot: number;
  readonly toa: number;
  /** Raw format only: 2 and 3 make the word carry `tot` in the place of `adc`. */
  readonly totflag?: number;
  /** Raw format only: the adc of the previous bunch crossing. */
  readonly adcm?: number;
}

/** Counters of a half's header word; `hamming` are its three error flags. */
export interface HalfHeader {
  readonly bunchCrossing: number;
  readonly eventCounter: number;
  readonly orbitCounter: number;
  readonly hamming?: number;
}

/** One record: what one chip sent in one event, `halves` as 41 words each. */
export interface RawRecord {
  readonly event: number;
  readonly chip: number;
  readonly halves: readonly [Uint32Array, Uint32Array];
  /** Split: up to four vectors, a trigger link each. Joined: their words together, none or four. */
  readonly trigger?: readonly Uint32Array[];
  /** Trigger-latency words, most significant bit first; joined: none or 20. */
  readonly latency?: Uint32Array;
}

/** `tot` as the chip compresses it to 10 bits: from 512 on in steps of 8, bit 9 set. */
export function compressTot(tot: number): number {
  return tot < 512 ? tot : 0x200 | ((tot >>> 3) & 0x1ff);
}

/** A channel word in the format that the chip was configured for. */
export function channelWord(hit: ChannelHit, format: DataFormat): number {
  const tot = compressTot(hit.tot);
  const toa = hit.toa & 0x3ff;
  if (format === 'characterisation') return (((hit.adc & 0x3ff) << 20) | (tot << 10) | toa) >>> 0;
  const totflag = hit.totflag ?? 0;
  const middle = totflag <= 1 ? hit.adc & 0x3ff : tot;
  return ((totflag << 30) | (((hit.adcm ?? 0) & 0x3ff) << 20) | (middle << 10) | toa) >>> 0;
}

/** The header word of a half: begins and ends with 5. */
export function headerWord(header: HalfHeader): number {
  return (
    ((5 << 28) |
      ((header.bunchCrossing & 0xfff) << 16) |
      ((header.eventCounter & 0x3f) << 10) |
      ((header.orbitCounter & 7) << 7) |
      (((header.hamming ?? 0) & 7) << 4) |
      5) >>>
    0
  );
}

/** The word of a half's two common-mode channels. */
export function commonModeWord(first: number, second: number): number {
  return ((first & 0x3ff) << 10) | (second & 0x3ff);
}

/**
 * A half of 41 words with its CRC and idle word.
 * @param channelWords words 2 … 38: channels 0 … 17, the calibration channel, channels 18 … 35
 */
export function encodeHalf(header: HalfHeader, commonMode: number, channelWords: ArrayLike<number>): Uint32Array {
  if (channelWords.length !== channelWordsPerHalf) {
    throw new RangeError(`a half has ${channelWordsPerHalf} channel words, not ${channelWords.length}`);
  }
  const half = new Uint32Array(wordsPerHalf);
  half[0] = headerWord(header);
  half[1] = commonMode;
  half.set(channelWords, firstChannelWord);
  return sealHalf(half);
}

/** Writes CRC and idle word of a half whose other words stand. */
export function sealHalf(half: Uint32Array): Uint32Array {
  half[crcWord] = crcOfHalf(new Int32Array(half.buffer, half.byteOffset, wordsPerHalf), 0);
  half[idleWord] = idlePattern;
  return half;
}

/** The half as a link delivers it that has slipped by `bits` bits: corrupt header, CRC and idle word. */
export function slipHalf(half: Uint32Array, bits: number): Uint32Array {
  return half.map((word, i) => (word << bits) | ((half[i + 1] ?? idlePattern) >>> (32 - bits)));
}

/** The 45 bytes before the first record. */
export function encodeArchiveHeader(libraryVersion = 10): Uint8Array {
  const bytes = new Uint8Array(archiveHeaderBytes);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(archiveSignature.length), true);
  for (let i = 0; i < archiveSignature.length; i++) bytes[8 + i] = archiveSignature.charCodeAt(i);
  view.setUint16(30, libraryVersion, true);
  bytes.set([4, 8, 4, 8], 32);
  view.setUint32(36, 1, true);
  return bytes;
}

/** One record in the layout asked for. */
export function encodeRecord(record: RawRecord, layout: RecordLayout): Uint8Array {
  const vectors = layout === 'split' ? splitVectors(record) : joinedVectors(record);
  const words = vectors.reduce((sum, vector) => sum + 2 + vector.length, 2);
  const out = new Uint32Array(words);
  out[0] = record.event;
  out[1] = record.chip;
  let at = 2;
  for (const vector of vectors) {
    out[at] = vector.length;
    out.set(vector, at + 2);
    at += 2 + vector.length;
  }
  return littleEndianBytes(out);
}

const none = new Uint32Array(0);

function splitVectors(record: RawRecord): readonly Uint32Array[] {
  const links = [0, 1, 2, 3].map((link) => record.trigger?.[link] ?? none);
  return [...record.halves, ...links, record.latency ?? none];
}

function joinedVectors(record: RawRecord): readonly Uint32Array[] {
  const data = [...record.halves, ...(record.trigger ?? [])].flatMap((vector) => [...vector]);
  return [Uint32Array.from(data), record.latency ?? none];
}

function littleEndianBytes(words: Uint32Array): Uint8Array {
  const bytes = new Uint8Array(words.length * 4);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => view.setUint32(4 * i, word, true));
  return bytes;
}

export interface RunEncoding {
  readonly layout: RecordLayout;
  /** Leaves out the file's last 40 bytes, as writers in the field do. */
  readonly cutTail?: boolean;
}

/** A whole raw file in memory. */
export function encodeRun(records: Iterable<RawRecord>, encoding: RunEncoding): Uint8Array {
  const pieces = [encodeArchiveHeader(), ...Array.from(records, (record) => encodeRecord(record, encoding.layout))];
  const total = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return encoding.cutTail === true && pieces.length > 1 ? bytes.subarray(0, total - 40) : bytes;
}
