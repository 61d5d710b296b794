import { summaryRowsPerChip } from './columns.js';
import { calibrationWord, channelsPerHalf, firstChannelWord, rowsPerHalf } from './layout.js';

/** What a row of a table is about; the numbers are those of the column `channeltype`. */
export const channelType = { channel: 0, calibration: 1, commonMode: 100 } as const;

/** Blocks of the configuration with an entry per channel of a type, and how many of these a half has. */
export const channelBlocks = [
  { block: 'ch', type: channelType.channel, perHalf: channelsPerHalf },
  { block: 'calib', type: channelType.calibration, perHalf: 1 },
  { block: 'cm', type: channelType.commonMode, perHalf: 2 },
] as const;

/** One of a chip's 78 channels: 72 channels, 2 calibration channels, 4 common-mode channels. */
export interface ChipChannel {
  readonly type: number;
  /** Within its type: 0–71, 0–1, 0–3. */
  readonly channel: number;
  readonly half: number;
}

const channels = 2 * channelsPerHalf;

/** A chip's channels in the order of summary rows: channels, calibration channels, common-mode channels. */
export const summaryOrder: readonly ChipChannel[] = Array.from({ length: summaryRowsPerChip }, (_, row) => {
  if (row < channels) return { type: channelType.channel, channel: row, half: Math.floor(row / channelsPerHalf) };
  if (row < channels + 2) return { type: channelType.calibration, channel: row - channels, half: row - channels };
  const channel = row - channels - 2;
  return { type: channelType.commonMode, channel, half: channel >> 1 };
});

/** Row of a channel in summary order. */
export function summaryRow({ type, channel }: ChipChannel): number {
  if (type === channelType.channel) return channel;
  return type === channelType.calibration ? channels + channel : channels + 2 + channel;
}

/** Column `channel` of a half's rows in event mode: 37 and 38 common mode, 0–35 channels, 36 calibration. */
export const eventRowChannels: readonly number[] = Array.from({ length: rowsPerHalf }, (_, row) => {
  if (row < 2) return 37 + row;
  return channelOfWord(row);
});

/** Channel of words 2 … 38 of a half; 36 is the calibration channel. */
export function channelOfWord(word: number): number {
  if (word === calibrationWord) return 36;
  return word < calibrationWord ? word - firstChannelWord : word - firstChannelWord - 1;
}

/** The chip's channels in the order of a record's rows in event mode: 39 of half 0, 39 of half 1. */
export const eventOrder: readonly ChipChannel[] = [0, 1].flatMap((half) =>
  eventRowChannels.map((channel) => eventChannel(channel, half)),
);

/** Whose configuration a row of event mode has: channel 0–38 of a half as one of the chip's channels. */
function eventChannel(channel: number, half: number): ChipChannel {
  if (channel < channelsPerHalf) return { type: channelType.channel, channel: channel + channelsPerHalf * half, half };
  if (channel === 36) return { type: channelType.calibration, channel: half, half };
  return { type: channelType.commonMode, channel: channel - 37 + 2 * half, half };
}

/** Row of summary order that the channel word `word` (2 … 38) of half `half` counts for. */
export function summaryRowOfWord(word: number, half: number): number {
  const channel = channelOfWord(word);
  return channel === 36 ? channels + half : channel + channelsPerHalf * half;
}

/** Row of summary order of the first common-mode channel of a half. */
export function commonModeRow(half: number): number {
  return channels + 2 + 2 * half;
}
