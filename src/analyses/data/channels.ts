import type { Numbers } from './columns.js';

/** What `channeltype` says: normal, calibration and common-mode channels of a chip. */
export const channelTypes = { channel: 0, calibration: 1, commonMode: 100 } as const;

const typeNames = new Map<number, string>([
  [channelTypes.channel, 'channels'],
  [channelTypes.calibration, 'calibration channels'],
  [channelTypes.commonMode, 'common-mode channels'],
]);

export function channelTypeName(type: number): string {
  return typeNames.get(type) ?? `channels of type ${type}`;
}

const blockNames = new Map<number, string>([
  [channelTypes.channel, 'ch'],
  [channelTypes.calibration, 'calib'],
  [channelTypes.commonMode, 'cm'],
]);

/** The block of a chip's configuration that holds a channel's parameters. */
export function blockName(type: number): string {
  return blockNames.get(type) ?? `type ${type}`;
}

/** The half (0, 1) of the chip that a channel belongs to. */
export function halfOf(type: number, channel: number): number {
  const first = type === channelTypes.channel ? 36 : type === channelTypes.calibration ? 1 : 2;
  return channel >= first ? 1 : 0;
}

/** One channel of a chip and its rows in the table. */
export interface ChannelRows {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly rows: readonly number[];
}

/** Rows of a summary table by channel, in the order chip, type, channel; `keep` may leave rows out. */
export function groupByChannel(columns: Numbers, keep: (row: number) => boolean = () => true): ChannelRows[] {
  const chip = columns.get('chip');
  const channel = columns.get('channel');
  const type = columns.get('channeltype');
  const groups = new Map<number, number[]>();
  for (let row = 0; row < columns.rows; row++) {
    if (!keep(row)) continue;
    const key = (chip[row] * 256 + type[row]) * 256 + channel[row]; // all three fit into a byte
    const rows = groups.get(key);
    if (rows === undefined) groups.set(key, [row]);
    else rows.push(row);
  }
  const found = [...groups.values()].map((rows) => {
    const first = rows[0];
    return { chip: chip[first], type: type[first], channel: channel[first], rows };
  });
  return found.sort((a, b) => a.chip - b.chip || a.type - b.type || a.channel - b.channel);
}

/** Distinct values of a column, ascending. */
export function distinct(values: ArrayLike<number>): number[] {
  const found = new Set<number>();
  for (let i = 0; i < values.length; i++) found.add(values[i]);
  return [...found].sort((a, b) => a - b);
}
