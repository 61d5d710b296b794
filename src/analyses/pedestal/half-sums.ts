import { channelOfSlot, channelsPerHalf, slotsPerHalf } from '../data/events.js';
import { compareConditions, type Condition } from '../data/scanned.js';
import { median } from '../math/statistics.js';

/** Channels whose noise is outside these parts of their half's median do not count for the common mode. */
const ordinary = { lowest: 0.3, highest: 2 };

/** Sums over the events of one half of a chip under one condition, by channel 0 … 38, in ADC counts. */
export interface HalfSums {
  readonly chip: number;
  readonly half: number;
  readonly condition: Condition;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  /** Channels whose mean is the common mode: filled after the first pass. */
  readonly members: Uint8Array;
}

export function emptySums(chip: number, half: number, condition: Condition): HalfSums {
  const zeros = (): Float64Array => new Float64Array(slotsPerHalf);
  const sums = { count: zeros(), sum: zeros(), squares: zeros(), members: new Uint8Array(slotsPerHalf) };
  return { chip, half, condition, ...sums };
}

/** A channel's value in an event. */
export interface EventRow {
  readonly sums: HalfSums;
  readonly event: number;
  readonly slot: number;
  readonly adc: number;
}

export function addRow({ sums, slot, adc }: EventRow): void {
  sums.count[slot]++;
  sums.sum[slot] += adc;
  sums.squares[slot] += adc ** 2;
}

export function pedestalAt({ count, sum }: HalfSums, slot: number): number {
  return sum[slot] / count[slot];
}

export function noiseAt({ count, sum, squares }: HalfSums, slot: number): number {
  return Math.sqrt(Math.max(0, squares[slot] / count[slot] - (sum[slot] / count[slot]) ** 2));
}

/** Neither noisy nor dead channels may move what is taken away from the others. */
export function chooseMembers(sums: HalfSums): void {
  const slots = measuredSlots(sums).filter((slot) => slot < channelsPerHalf);
  const usual = median(slots.map((slot) => noiseAt(sums, slot)));
  for (const slot of slots) {
    const noise = noiseAt(sums, slot);
    sums.members[slot] = Number(noise >= ordinary.lowest * usual && noise <= ordinary.highest * usual);
  }
}

export function memberSlots({ members }: HalfSums): number[] {
  return Array.from(members.keys()).filter((slot) => members[slot] === 1);
}

export function measuredSlots({ count }: HalfSums): number[] {
  return Array.from(count.keys()).filter((slot) => count[slot] > 0);
}

export function placeOf({ chip, half, condition }: HalfSums, slot: number) {
  return { chip, ...channelOfSlot(half, slot), condition };
}

export function inOrder(halves: Iterable<HalfSums>): HalfSums[] {
  return [...halves].sort((a, b) => compareConditions(a.condition, b.condition) || a.chip - b.chip || a.half - b.half);
}
