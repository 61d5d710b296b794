import { slotsPerHalf } from '../data/events.js';
import type { Condition } from '../data/scanned.js';
import { maximum, mean, median, minimum } from '../math/statistics.js';
import { inOrder, memberSlots, noiseAt, pedestalAt, type EventRow, type HalfSums } from './half-sums.js';

/** Distances in events at which the common mode is compared with itself: pick-up that oscillates shows there. */
const lags = [1, 5] as const;
/** A common mode below so many of its errors is none: neither slopes nor correlations are given. */
const significant = 4;

/** What a channel has of its half's common mode. */
export interface ChannelShare {
  /** 1 on average over the half's ordinary channels; NaN where no common mode is seen. */
  readonly slope: number;
  readonly slopeError: number;
  /** Noise in ADC counts of the channel alone. */
  readonly remaining: number;
}

/** What the channels of one half do together; noise in ADC counts. */
export interface CommonMode {
  readonly chip: number;
  readonly half: number;
  readonly condition: Condition;
  readonly events: number;
  /** Channels that it is made of. */
  readonly channels: number;
  readonly noise: number;
  readonly noiseError: number;
  /** Part of the mean variance of the channels, 0 … 1. */
  readonly share: number;
  /** Smallest, median, largest slope of the channels that it is made of. */
  readonly slopes: readonly [number, number, number];
  /** With itself 1 and 5 events later; white noise gives 0. */
  readonly autocorrelations: readonly number[];
  /** With the chip's other half, and the mean with the halves of other chips: 1 for a supply that moves all. */
  readonly otherHalf: number;
  readonly otherChips: number;
  /** Of the correlations with one half, where there is none. */
  readonly correlationError: number;
}

/** Sums over the events of a half, of residuals r above the pedestals and their common mode z. */
interface Moments {
  events: number;
  /** Σ z². */
  squares: number;
  /** Σ r z without the channel itself, and how many events that are, by channel. */
  readonly products: Float64Array;
  readonly count: Float64Array;
  readonly lagged: { sum: number; count: number }[];
  readonly before: { event: number; z: number }[];
  readonly others: Map<HalfSums, { sum: number; count: number }>;
}

/**
 * The common mode z of a half in an event is the mean of its ordinary channels above their pedestals. A channel is
 * compared with the z of the others alone, so that no channel's own noise counts as common: the products r z average
 * to slope × V with V the variance of what is common, and their mean over the channels is V.
 */
export class CommonModes {
  private readonly moments = new Map<HalfSums, Moments>();
  private readonly above = new Float64Array(slotsPerHalf).fill(NaN);
  private event = NaN;
  private sums: HalfSums | undefined;
  private together: { readonly sums: HalfSums; readonly z: number }[] = [];

  /** Rows in the order of the table, whose half of an event may lie in two chunks. */
  add({ sums, event, slot, adc }: EventRow): void {
    if (event !== this.event || sums !== this.sums) {
      this.closeHalf();
      if (event !== this.event || this.together.some((other) => other.sums === sums)) this.closeEvent();
      this.event = event;
      this.sums = sums;
    }
    this.above[slot] = adc - pedestalAt(sums, slot);
  }

  close(): void {
    this.closeHalf();
    this.closeEvent();
  }

  shareOf(sums: HalfSums, slot: number): ChannelShare {
    const noise = noiseAt(sums, slot);
    const { variance, ownOfMean, isSeen } = this.varianceOf(sums);
    if (!isSeen) return { slope: NaN, slopeError: NaN, remaining: noise };
    const slope = this.covarianceOf(sums, slot) / variance;
    const own = Math.max(0, noise ** 2 - slope ** 2 * variance);
    const events = this.moments.get(sums)?.count[slot] ?? 0;
    // variance of the products' mean beside slope × V; that of V, which is made of them, partly cancels
    const spread = own * (variance + ownOfMean) + slope ** 2 * ownOfMean * (variance + 2 * ownOfMean);
    return { slope, slopeError: Math.sqrt(spread / events) / variance, remaining: Math.sqrt(own) };
  }

  /** Of every half with ordinary channels. */
  results(): CommonMode[] {
    return inOrder(this.moments.keys()).map((sums) => this.resultOf(sums));
  }

  private closeHalf(): void {
    const { sums, above, event } = this;
    if (sums === undefined) return;
    const moments = this.momentsOf(sums);
    const { total, count } = sumOfMembers(above, sums.members);
    const z = total / count;
    if (count > 1) {
      for (let slot = 0; slot < slotsPerHalf; slot++) {
        if (Number.isNaN(above[slot])) continue;
        const others = sums.members[slot] === 1 ? (total - above[slot]) / (count - 1) : z;
        moments.products[slot] += above[slot] * others;
        moments.count[slot]++;
      }
      addToItself(moments, event, z);
      this.together.push({ sums, z });
    }
    above.fill(NaN);
    this.sums = undefined;
  }

  private closeEvent(): void {
    for (const one of this.together) {
      const { others } = this.momentsOf(one.sums);
      for (const other of this.together) {
        if (other === one) continue;
        const pair = others.get(other.sums) ?? { sum: 0, count: 0 };
        others.set(other.sums, pair);
        pair.sum += one.z * other.z;
        pair.count++;
      }
    }
    this.together = [];
  }

  private momentsOf(sums: HalfSums): Moments {
    const known = this.moments.get(sums);
    if (known !== undefined) return known;
    const [products, count] = [new Float64Array(slotsPerHalf), new Float64Array(slotsPerHalf)];
    const lagged = lags.map(() => ({ sum: 0, count: 0 }));
    const moments = { events: 0, squares: 0, products, count, lagged, before: [], others: new Map() };
    this.moments.set(sums, moments);
    return moments;
  }

  private covarianceOf(sums: HalfSums, slot: number): number {
    const { products, count } = this.momentsOf(sums);
    return products[slot] / count[slot];
  }

  /** V, what the channels' own noise leaves in the mean of all, and the error of V. */
  private varianceOf(sums: HalfSums): { variance: number; error: number; ownOfMean: number; isSeen: boolean } {
    const { squares, events } = this.momentsOf(sums);
    const members = memberSlots(sums);
    const variance = mean(members.map((slot) => this.covarianceOf(sums, slot)));
    const own = mean(members.map((slot) => noiseAt(sums, slot) ** 2)) - variance;
    const noOther = Math.sqrt(2 / events) * (own / members.length);
    const error = Math.sqrt(2 / events) * (squares / events);
    return { variance, error, ownOfMean: own / members.length, isSeen: variance > significant * noOther };
  }

  private resultOf(sums: HalfSums): CommonMode {
    const { chip, half, condition } = sums;
    const { events, squares, lagged } = this.momentsOf(sums);
    const members = memberSlots(sums);
    const { variance, error, isSeen } = this.varianceOf(sums);
    const noise = Math.sqrt(Math.max(0, variance));
    const slopes = members.map((slot) => this.shareOf(sums, slot).slope);
    const total = mean(members.map((slot) => noiseAt(sums, slot) ** 2));
    return {
      ...{ chip, half, condition, events, channels: members.length, noise },
      noiseError: error / (2 * Math.max(noise, Math.sqrt(error))),
      share: noise ** 2 / total,
      slopes: [minimum(slopes), median(slopes), maximum(slopes)],
      autocorrelations: lagged.map(({ sum, count }) => (isSeen ? sum / count / variance : NaN)),
      ...this.correlationsOf(sums),
      correlationError: isSeen ? squares / events / variance / Math.sqrt(events) : NaN,
    };
  }

  private correlationsOf(sums: HalfSums): Pick<CommonMode, 'otherHalf' | 'otherChips'> {
    const own = this.varianceOf(sums);
    const correlations = [...this.momentsOf(sums).others].flatMap(([other, { sum, count }]) => {
      const { variance, isSeen } = this.varianceOf(other);
      const correlation = sum / count / Math.sqrt(variance * own.variance);
      return isSeen && own.isSeen ? [{ isSameChip: other.chip === sums.chip, correlation }] : [];
    });
    const average = (isSameChip: boolean): number =>
      mean(correlations.filter((each) => each.isSameChip === isSameChip).map(({ correlation }) => correlation));
    return { otherHalf: average(true), otherChips: average(false) };
  }
}

function sumOfMembers(above: Float64Array, members: Uint8Array): { total: number; count: number } {
  let [total, count] = [0, 0];
  for (let slot = 0; slot < slotsPerHalf; slot++) {
    if (members[slot] === 0 || Number.isNaN(above[slot])) continue;
    total += above[slot];
    count++;
  }
  return { total, count };
}

function addToItself(moments: Moments, event: number, z: number): void {
  moments.events++;
  moments.squares += z ** 2;
  for (const [i, lag] of lags.entries()) {
    const earlier = moments.before.find((each) => each.event === event - lag);
    if (earlier === undefined) continue;
    moments.lagged[i].sum += z * earlier.z;
    moments.lagged[i].count++;
  }
  moments.before.push({ event, z });
  if (moments.before.length > Math.max(...lags)) moments.before.shift();
}
