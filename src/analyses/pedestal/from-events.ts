import type { TableReader } from '../../domain/table/reader.js';
import { asNumbers, requireColumns, type Numbers } from '../data/columns.js';
import { injectedAt, injectionColumns } from '../data/injection.js';
import { readRunConditions, type RunConditions } from '../data/run-conditions.js';
import { runsOfRows } from '../data/run-events.js';
import { CommonModes } from './common-mode.js';
import {
  addRow,
  chooseMembers,
  emptySums,
  inOrder,
  measuredSlots,
  noiseAt,
  pedestalAt,
  placeOf,
  type EventRow,
  type HalfSums,
} from './half-sums.js';
import type { ChannelNoise, NoiseOfBoard } from './noise.js';

const names = ['event', 'chip', 'half', 'channel', 'adc', 'corruption'];
/**
 * Pedestals and noise from single events, of every condition apart, in two passes over the table: first the pedestals,
 * then what a half's channels do together and what each of them has of it. Corrupt halves are left out.
 */
export async function noiseFromEvents(table: TableReader): Promise<NoiseOfBoard> {
  requireColumns(table, names);
  const rows = new EventRows(table, await readRunConditions(table));
  const { corrupt, injected } = await rows.each(addRow);
  for (const sums of rows.halves.values()) chooseMembers(sums);
  const common = new CommonModes();
  await rows.each((row) => common.add(row));
  common.close();
  const note = (rows: number, why: string) => (rows === 0 ? [] : [`${rows} of ${table.rows} rows left out: ${why}`]);
  const notes = [...note(corrupt, 'their half is corrupt'), ...note(injected, 'charge was injected')];
  const channels = inOrder(rows.halves.values()).flatMap((sums) => channelsOf(sums, common));
  return { channels, commonModes: common.results(), notes };
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
    const added = emptySums(chip, half, this.runs.conditions[place]);
    this.halves.set(key, added);
    return added;
  }
}

function channelsOf(sums: HalfSums, common: CommonModes): ChannelNoise[] {
  return measuredSlots(sums).map((slot) => {
    const noise = noiseAt(sums, slot);
    const { slope, slopeError, remaining } = common.shareOf(sums, slot);
    return {
      ...placeOf(sums, slot),
      pedestal: pedestalAt(sums, slot),
      pedestalError: noise / Math.sqrt(sums.count[slot]),
      noise,
      noiseError: noise / Math.sqrt(2 * sums.count[slot]),
      noiseWithoutCommonMode: remaining,
      commonModeSlope: slope,
      commonModeSlopeError: slopeError,
    };
  });
}
