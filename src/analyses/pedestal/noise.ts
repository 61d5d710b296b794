/**
 * Room: pedestal and noise of every channel, from events or from summary rows.
 * May use: analyses/data, analyses/math, domain/analysis, domain/table.
 */

import { conditionText, type Condition } from '../data/scanned.js';
import { median, robustDeviation } from '../math/statistics.js';
import type { CommonMode } from './common-mode.js';

/** Pedestal and noise of one channel under one condition, in ADC counts; NaN where all its data are corrupt. */
export interface ChannelNoise {
  readonly chip: number;
  readonly type: number;
  readonly channel: number;
  readonly condition: Condition;
  readonly pedestal: number;
  /** σ/√N; NaN where the table does not tell the number N of events. */
  readonly pedestalError: number;
  readonly noise: number;
  /** σ/√(2N), of values with a Gaussian distribution. */
  readonly noiseError: number;
  /** After taking away what all channels of a half do together; NaN where there are no single events. */
  readonly noiseWithoutCommonMode: number;
  /** How much of its half's common mode the channel has; NaN where there is none, or no single events. */
  readonly commonModeSlope: number;
  readonly commonModeSlopeError: number;
}

export const withoutEvents = { noiseWithoutCommonMode: NaN, commonModeSlope: NaN, commonModeSlopeError: NaN };

export interface NoiseOfBoard {
  readonly channels: readonly ChannelNoise[];
  /** Of every half; none without single events. */
  readonly commonModes: readonly CommonMode[];
  /** What was left out, for people. */
  readonly notes: readonly string[];
}

/** A channel without any data that can be trusted. */
export function corruptChannel(
  { chip, type, channel }: Pick<ChannelNoise, 'chip' | 'type' | 'channel'>,
  condition: Condition,
): ChannelNoise {
  const none = { pedestal: NaN, pedestalError: NaN, noise: NaN, noiseError: NaN, ...withoutEvents };
  return { chip, type, channel, condition, ...none };
}

export type Flag = 'corrupt' | 'dead' | 'noisy' | 'at the end of the scale';

export interface FlagLimits {
  /** Dead: noise below this part of the chip's median. */
  readonly dead: number;
  /** Noisy: so many robust deviations above the chip's median, and half as much again as the median. */
  readonly noisy: number;
}

/** Flags channels that stand out among those of the same kind on the same chip under the same condition. */
export function flagChannels(channels: readonly ChannelNoise[], limits: FlagLimits): (Flag | undefined)[] {
  const kinds = new Map<string, number[]>();
  const kind = ({ chip, type, condition }: ChannelNoise): string => `${chip} ${type} ${conditionText(condition)}`;
  for (const channel of channels) {
    if (Number.isNaN(channel.noise)) continue;
    const noise = kinds.get(kind(channel));
    if (noise === undefined) kinds.set(kind(channel), [channel.noise]);
    else noise.push(channel.noise);
  }
  const typical = new Map([...kinds].map(([name, noise]) => [name, [median(noise), robustDeviation(noise)]]));
  return channels.map((channel) => {
    const [usual, spread] = typical.get(kind(channel)) ?? [NaN, NaN];
    if (Number.isNaN(channel.noise)) return 'corrupt';
    if (channel.pedestal <= 0 || channel.pedestal >= 1023) return 'at the end of the scale';
    if (channel.noise < limits.dead * usual) return 'dead';
    return channel.noise > Math.max(usual + limits.noisy * spread, 1.5 * usual) ? 'noisy' : undefined;
  });
}
