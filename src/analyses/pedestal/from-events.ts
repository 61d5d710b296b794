import type { TableReader } from '../../domain/table/reader.js';
import { asNumbers, requireColumns, type Numbers } from '../data/columns.js';
import { channelOfSlot, channelsPerHalf, slotsPerHalf } from '../data/events.js';
import { injectedAt, injectionColumns } from '../data/injection.js';
import { readRunConditions, type RunConditions } from '../data/run-conditions.js';
import { runsOfRows } from '../data/run-events.js';
import { compareConditions, type Condition } from '../data/scanned.js';
import { median } from '../math/statistics.js';
import type { ChannelNoise, NoiseOfBoard } from './noise.js';

const names = ['event', 'chip', 'half', 'channel', 'adc', 'corruption'];
/** Channels whose noise is outside these parts of their half's median do not count for the common mode. */
const ordinary = { lowest: 0.3, highest: 2 };

/** Sums over the events of one half of a chip under one condition, by channel 0 … 38. */
interface HalfSums {
  readonly chip: number;
  readonly half: number;
  readonly condition: Condition;
  readonly count: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly residualSquares: Float64Array;
  /** Channels whose mean is the common mode: filled after the first pass. */
  readonly members: Uint8Array;
}

/**
 * Pedestals and noise from single events, of every condition apart, in two passes over the table: first the pedestals,
 * then what is left when the mean of an event's ordinary channels (of a half, above their pedestals) is taken away:
 * neither noisy nor dead ones move the others. Corrupt halves are left out.
 */
export async function noiseFromEvents(table: TableReader): Promise<NoiseOfBoard> {
  requireColumns(table, names);
  const rows = new EventRows(table, await readRunConditions(table));
  const { corrupt, injected } = await rows.each((row) => addSum(row));
  for (const sums of rows.halves.values()) chooseMembers(sums);
  const pending = new EventHalf();
  await rows.each((row) => pending.add(row));
  pending.close();
  const sorted = [...rows.halves.values()].sort(
    (a, b) => compareConditions(a.condition, b.condition) || a.chip - b.chip || a.half - b.half,
  );
  const note = (rows: number, why: string) => (rows === 0 ? [] : [`${rows} of ${table.rows} rows left out: ${why}`]);
  const notes = [...note(corrupt, 'their half is corrupt'), ...note(injected, 'charge was injected')];
  return { channels: sorted.flatMap(channelsOf), notes };
}

/** A channel's value in an event. */
interface EventRow {
  readonly sums: HalfSums;
  readonly event: number;
  readonly slot: number;
  readonly adc: number;
}

/** Rows that do not count. */
interface LeftOut {
  corrupt: number;
  injected: number;
}

/** The rows of a table with the sums that they belong to. */
class EventRows {
  readonly halves = new Map<number, HalfSums>();
  private readonly runOf: (row: number) => number;
  private readonly names: readonly string[];

  constructor(
    private readonly table: TableReader,
    private readonly runs: RunConditions,
  ) {
    this.runOf = runsOfRows(table);
    const there = new Set(table.schema.columns.map(({ name }) => name));
    this.names = [...names, ...injectionColumns.filter((name) => there.has(name))];
  }

  /** Hands on every row that can be used, and counts the others. */
  async each(use: (row: EventRow) => void): Promise<LeftOut> {
    const left = { corrupt: 0, injected: 0 };
    let before = 0;
    for await (const chunk of this.table.chunks(this.names)) {
      this.eachOf(asNumbers(chunk), before, left, use);
      before += chunk.rows;
    }
    return left;
  }

  private eachOf(columns: Numbers, before: number, left: LeftOut, use: (row: EventRow) => void): void {
    const [chip, half, channel] = [columns.get('chip'), columns.get('half'), columns.get('channel')];
    const [event, adc, corruption] = [columns.get('event'), columns.get('adc'), columns.get('corruption')];
    const isInjected = injectedAt(columns);
    for (let row = 0; row < columns.rows; row++) {
      if (corruption[row] !== 0) left.corrupt++;
      else if (isInjected(row)) left.injected++;
      else if (adc[row] >= 0) {
        const sums = this.sumsOf(chip[row], half[row], before + row);
        use({ sums, event: event[row], slot: channel[row], adc: adc[row] });
      }
    }
  }

  private sumsOf(chip: number, half: number, row: number): HalfSums {
    const place = this.runs.conditions.length === 1 ? 0 : this.runs.ofRun[this.runOf(row)];
    const key = (place * 256 + chip) * 2 + half;
    const found = this.halves.get(key);
    if (found !== undefined) return found;
    const zeros = (): Float64Array => new Float64Array(slotsPerHalf);
    const condition = this.runs.conditions[place];
    const sums = { count: zeros(), sum: zeros(), squares: zeros(), residualSquares: zeros() };
    const added = { chip, half, condition, ...sums, members: new Uint8Array(slotsPerHalf) };
    this.halves.set(key, added);
    return added;
  }
}

function addSum({ sums, slot, adc }: EventRow): void {
  sums.count[slot]++;
  sums.sum[slot] += adc;
  sums.squares[slot] += adc ** 2;
}

function noiseAt({ count, sum, squares }: HalfSums, slot: number): number {
  return Math.sqrt(Math.max(0, squares[slot] / count[slot] - (sum[slot] / count[slot]) ** 2));
}

function chooseMembers(sums: HalfSums): void {
  const slots = Array.from({ length: channelsPerHalf }, (_, slot) => slot).filter((slot) => sums.count[slot] > 0);
  const usual = median(slots.map((slot) => noiseAt(sums, slot)));
  for (const slot of slots) {
    const noise = noiseAt(sums, slot);
    sums.members[slot] = Number(noise >= ordinary.lowest * usual && noise <= ordinary.highest * usual);
  }
}

/** The rows of one half in one event, which may lie in two chunks. */
class EventHalf {
  private event = NaN;
  private sums: HalfSums | undefined;
  private readonly above = new Float64Array(slotsPerHalf).fill(NaN);

  add({ sums, event, slot, adc }: EventRow): void {
    if (event !== this.event || sums !== this.sums) {
      this.close();
      this.event = event;
      this.sums = sums;
    }
    this.above[slot] = adc - sums.sum[slot] / sums.count[slot];
  }

  /** Adds the residuals of the event that ends here. */
  close(): void {
    const { sums, above } = this;
    if (sums === undefined) return;
    const common = commonMode(above, sums.members);
    for (let slot = 0; slot < slotsPerHalf; slot++) {
      if (!Number.isNaN(above[slot])) sums.residualSquares[slot] += (above[slot] - common) ** 2;
    }
    above.fill(NaN);
    this.sums = undefined;
  }
}

function commonMode(above: Float64Array, members: Uint8Array): number {
  let [sum, count] = [0, 0];
  for (let slot = 0; slot < channelsPerHalf; slot++) {
    if (members[slot] === 0 || Number.isNaN(above[slot])) continue;
    sum += above[slot];
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

function channelsOf(sums: HalfSums): ChannelNoise[] {
  const { chip, half, condition, count, sum, residualSquares, members } = sums;
  const slots = Array.from({ length: slotsPerHalf }, (_, slot) => slot).filter((slot) => count[slot] > 0);
  const averaged = members.reduce((all, member) => all + member, 0);
  return slots.map((slot) => {
    const noise = noiseAt(sums, slot);
    // the mean of n channels holds an nth of each of their own noises, which subtraction takes away, too
    const own = members[slot] === 1 && averaged > 1 ? averaged / (averaged - 1) : 1;
    return {
      chip,
      ...channelOfSlot(half, slot),
      condition,
      pedestal: sum[slot] / count[slot],
      pedestalError: noise / Math.sqrt(count[slot]),
      noise,
      noiseError: noise / Math.sqrt(2 * count[slot]),
      noiseWithoutCommonMode: Math.sqrt((own * residualSquares[slot]) / count[slot]),
    };
  });
}
