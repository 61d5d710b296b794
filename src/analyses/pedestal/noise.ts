/**
 * Room: pedestal and noise of every channel, from events or from summary rows.
 * May use: analyses/data, analyses/math, domain/table.
 */

import { median, robustDeviation } from '../math/statistics.js';

/** Pedestal and noise of one channel, in ADC counts. */
export interface ChannelNoise {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly pedestal: number;
  readonly noise: number;
  /** After taking away what all channels of a half do together; NaN where there are no single events. */
  readonly noiseWithoutCommonMode: number;
}

export type Flag = 'dead' | 'noisy' | 'at the end of the scale';

export interface FlagLimits {
  /** Dead: noise below this part of the chip's median. */
  readonly dead: number;
  /** Noisy: so many robust deviations above the chip's median, and half as much again as the median. */
  readonly noisy: number;
}

/** Flags channels that stand out among those of the same kind on the same chip. */
export function flagChannels(channels: readonly ChannelNoise[], limits: FlagLimits): (Flag | undefined)[] {
  const kinds = new Map<string, number[]>();
  const kind = ({ chip, type }: ChannelNoise): string => `${chip} ${type}`;
  for (const channel of channels) kinds.set(kind(channel), [...(kinds.get(kind(channel)) ?? []), channel.noise]);
  const typical = new Map([...kinds].map(([name, noise]) => [name, [median(noise), robustDeviation(noise)]]));
  return channels.map((channel) => {
    const [usual, spread] = typical.get(kind(channel)) ?? [NaN, NaN];
    if (channel.pedestal <= 0 || channel.pedestal >= 1023) return 'at the end of the scale';
    if (channel.noise < limits.dead * usual) return 'dead';
    return channel.noise > Math.max(usual + limits.noisy * spread, 1.5 * usual) ? 'noisy' : undefined;
  });
}
