import type { TableReader } from '../../domain/table/reader.js';
import { asNumbers, requireColumns, type Numbers } from '../data/columns.js';
import { channelOfSlot, channelsPerHalf, slotsPerHalf } from '../data/events.js';
import type { ChannelNoise } from './noise.js';

const names = ['event', 'chip', 'half', 'channel', 'adc', 'corruption'];

/** Sums over the events of one half of a chip, by channel 0 … 38. */
interface HalfSums {
  readonly chip: number;
  readonly half: number;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly residualSquares: Float64Array;
}

/**
 * Pedestals and noise from single events, in two passes over the table: first the pedestals, then what is left when
 * the mean of an event's channels (of a half, above their pedestals) is taken away. Corrupt halves are left out.
 */
export async function noiseFromEvents(table: TableReader): Promise<ChannelNoise[]> {
  requireColumns(table, names);
  const halves = new Map<number, HalfSums>();
  for await (const chunk of table.chunks(names)) addSums(asNumbers(chunk), halves);
  const pending = new EventHalf();
  for await (const chunk of table.chunks(names)) addResiduals(asNumbers(chunk), halves, pending);
  pending.close(halves);
  return [...halves.values()].sort((a, b) => a.chip - b.chip || a.half - b.half).flatMap(channelsOf);
}

function keyOf(chip: number, half: number): number {
  return chip * 2 + half;
}

function addSums(columns: Numbers, halves: Map<number, HalfSums>): void {
  const [chip, half, channel] = [columns.get('chip'), columns.get('half'), columns.get('channel')];
  const [adc, corruption] = [columns.get('adc'), columns.get('corruption')];
  for (let row = 0; row < columns.rows; row++) {
    if (corruption[row] !== 0 || adc[row] < 0) continue;
    const sums = sumsOf(halves, chip[row], half[row]);
    const slot = channel[row];
    sums.count[slot]++;
    sums.sum[slot] += adc[row];
    sums.squares[slot] += adc[row] ** 2;
  }
}

function sumsOf(halves: Map<number, HalfSums>, chip: number, half: number): HalfSums {
  const found = halves.get(keyOf(chip, half));
  if (found !== undefined) return found;
  const zeros = (): Float64Array => new Float64Array(slotsPerHalf);
  const sums = { chip, half, count: zeros(), sum: zeros(), squares: zeros(), residualSquares: zeros() };
  halves.set(keyOf(chip, half), sums);
  return sums;
}

/** The rows of one half in one event, which may lie in two chunks. */
class EventHalf {
  private event = NaN;
  private key = NaN;
  private readonly adc = new Float64Array(slotsPerHalf).fill(NaN);

  add(event: number, key: number, slot: number, adc: number, halves: ReadonlyMap<number, HalfSums>): void {
    if (event !== this.event || key !== this.key) {
      this.close(halves);
      this.event = event;
      this.key = key;
    }
    this.adc[slot] = adc;
  }

  /** Adds the residuals of the event that ends here. */
  close(halves: ReadonlyMap<number, HalfSums>): void {
    const sums = halves.get(this.key);
    if (sums !== undefined) {
      const above = this.adc.map((adc, slot) => adc - sums.sum[slot] / sums.count[slot]);
      const carried = above.subarray(0, channelsPerHalf).filter((value) => !Number.isNaN(value));
      const common = carried.reduce((sum, value) => sum + value, 0) / carried.length;
      above.forEach((value, slot) => {
        if (!Number.isNaN(value)) sums.residualSquares[slot] += (value - common) ** 2;
      });
    }
    this.adc.fill(NaN);
    this.key = NaN;
  }
}

function addResiduals(columns: Numbers, halves: ReadonlyMap<number, HalfSums>, pending: EventHalf): void {
  const [event, chip, half] = [columns.get('event'), columns.get('chip'), columns.get('half')];
  const [channel, adc, corruption] = [columns.get('channel'), columns.get('adc'), columns.get('corruption')];
  for (let row = 0; row < columns.rows; row++) {
    if (corruption[row] !== 0 || adc[row] < 0) continue;
    pending.add(event[row], keyOf(chip[row], half[row]), channel[row], adc[row], halves);
  }
}

function channelsOf({ chip, half, count, sum, squares, residualSquares }: HalfSums): ChannelNoise[] {
  const slots = Array.from({ length: slotsPerHalf }, (_, slot) => slot).filter((slot) => count[slot] > 0);
  return slots.map((slot) => {
    const pedestal = sum[slot] / count[slot];
    // the mean of 36 channels holds a 36th of the channel's own noise, which subtraction takes away, too
    const own = slot < channelsPerHalf ? channelsPerHalf / (channelsPerHalf - 1) : 1;
    return {
      chip,
      ...channelOfSlot(half, slot),
      pedestal,
      noise: Math.sqrt(Math.max(0, squares[slot] / count[slot] - pedestal ** 2)),
      noiseWithoutCommonMode: Math.sqrt((own * residualSquares[slot]) / count[slot]),
    };
  });
}
