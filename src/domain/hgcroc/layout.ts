/** Sizes and places in a raw file; all integers are little-endian, a vector is a u64 count and its elements. */

/** The archive's header as the test systems in the field write it: signature, library version, sizes, probe, class. */
export const archiveSignature = 'serialization::archive';
export const archiveHeaderBytes = 45;

/** How a record is laid out: a vector per half and five trigger vectors, or one vector of all words and one of latency. */
export type RecordLayout = 'split' | 'joined';

/** Words of a half: header, common mode, 18 channels, calibration channel, 18 channels, CRC, idle. */
export const wordsPerHalf = 41;
export const crcWord = 39;
export const idleWord = 40;
export const idlePattern = 0xaccccccc;
export const channelsPerHalf = 36;
/** Words 2 … 38: 18 channels, the calibration channel, 18 channels. */
export const firstChannelWord = 2;
export const calibrationWord = 20;
export const channelWordsPerHalf = 37;
/** Rows of a half in event mode: two common-mode channels and the channel words. */
export const rowsPerHalf = 39;

/** Bytes of a split record whose five trigger vectors are empty. */
export const splitRecordBytes = 8 + 2 * (8 + 4 * wordsPerHalf) + 5 * 8;
/** Bytes of a joined record without trigger words. */
export const joinedRecordBytes = 8 + (8 + 8 * wordsPerHalf) + 8;
/** What a joined record may carry beside its data words. */
export const joinedTriggerWords = 4;
export const joinedLatencyWords = 20;

/** `tot` of a channel word's 10 bits: where bit 9 is set, the other nine are the upper bits of a 12-bit value. */
export function expandTot(code: number): number {
  return (code & 0x200) === 0 ? code : (code & 0x1ff) << 3;
}
