import type { TableReader } from '../../domain/table/reader.js';
import { channelsPerHalf, slotsPerHalf } from './events.js';
import { plainValues, scannedColumns, type Condition } from './scanned.js';

/** The conditions of a table of single events, and which of them each run had, by its place in `table.runs()`. */
export interface RunConditions {
  readonly conditions: readonly Condition[];
  readonly ofRun: Int32Array;
}

/**
 * What a scan of single events moved from run to run, as the first channel of each run has it. A file that does not say
 * which rows are a run's has one condition.
 */
export async function readRunConditions(table: TableReader): Promise<RunConditions> {
  const runs = table.runs();
  const names = scannedColumns(table);
  if (names.length === 0 || runs.length === 0) return { conditions: [{}], ofRun: new Int32Array(runs.length) };
  const found = new Map<string, { readonly place: number; readonly condition: Condition }>();
  const ofRun = new Int32Array(runs.length);
  for (const [place, { firstRow, rows }] of runs.entries()) {
    const { data } = await table.columns(['channel', ...names], {
      start: firstRow,
      end: firstRow + Math.min(rows, slotsPerHalf),
    });
    const channel = plainValues(data.get('channel') ?? []);
    const row = Math.max(
      0,
      Array.from(channel, Number).findIndex((slot) => slot < channelsPerHalf),
    ); // the others have no trims
    const condition = Object.fromEntries(names.map((name) => [name, plainValues(data.get(name) ?? [])[row]]));
    const key = JSON.stringify(condition);
    const known = found.get(key) ?? { place: found.size, condition };
    found.set(key, known);
    ofRun[place] = known.place;
  }
  return { conditions: [...found.values()].map(({ condition }) => condition), ofRun };
}
