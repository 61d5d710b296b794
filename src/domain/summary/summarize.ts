/**
 * Room: summary rows of a run: counts, means, widths, from columns of events.
 * May use: domain/hgcroc.
 */

import { summaryOrder, summaryRowOfWord, commonModeRow } from '../hgcroc/channels.js';
import { summaryColumnNames, summaryRowsPerChip } from '../hgcroc/columns.js';
import { channelWordsPerHalf, expandTot, firstChannelWord } from '../hgcroc/layout.js';
import type { SummaryCounter } from './counter.js';
import {
  channelBin,
  commonModeBin,
  field,
  fieldStride,
  newOccupied,
  type ChipHistograms,
  type Occupied,
} from './histograms.js';
import { describe, newStatistics, type Statistics } from './statistics.js';

/** Summary columns: `chip` as unsigned, other integers as 16 bits, the rest in double precision. */
export interface SummaryColumns {
  readonly rows: number;
  readonly data: ReadonlyMap<string, NumberArray>;
  /** Chip numbers, one for every 78 rows. */
  readonly chips: readonly number[];
}

/** The statistics of all channels of all chips that have records, 78 rows a chip, chips ascending. */
export function summarize(counter: SummaryCounter): SummaryColumns {
  const chips = counter.chips();
  const table = newTable(chips.length * summaryRowsPerChip);
  chips.forEach(({ chip, histograms }, slot) => {
    const base = slot * summaryRowsPerChip;
    fillIdentity(table, chip, histograms, base);
    fillStatistics(table, histograms, base);
  });
  return { rows: table.rows, data: table.data, chips: chips.map(({ chip }) => chip) };
}

type NumberArray = Uint32Array | Int16Array | Float64Array;

interface Table {
  readonly rows: number;
  readonly data: ReadonlyMap<string, NumberArray>;
  readonly fields: readonly FieldColumns[];
}

/** The columns of one field's statistics; adc has no efficiency. */
interface FieldColumns {
  readonly median: NumberArray;
  readonly iqr: NumberArray;
  readonly mean: NumberArray;
  readonly deviation: NumberArray;
  readonly efficiency: NumberArray | undefined;
  readonly efficiencyError: NumberArray | undefined;
}

function newTable(rows: number): Table {
  const data = new Map<string, NumberArray>();
  for (const name of summaryColumnNames) data.set(name, newColumn(name, rows));
  const fields = ['adc', 'tot', 'toa'].map((name) => ({
    median: column(data, `${name}_median`),
    iqr: column(data, `${name}_iqr`),
    mean: column(data, `${name}_mean`),
    deviation: column(data, `${name}_stdd`),
    efficiency: data.get(`${name}_efficiency`),
    efficiencyError: data.get(`${name}_efficiency_error`),
  }));
  return { rows, data, fields };
}

function newColumn(name: string, rows: number): NumberArray {
  if (name === 'chip') return new Uint32Array(rows);
  return /^channel|_median$|_iqr$/.test(name) ? new Int16Array(rows) : new Float64Array(rows);
}

function column(data: ReadonlyMap<string, NumberArray>, name: string): NumberArray {
  const found = data.get(name);
  if (found === undefined) throw new Error(`a summary has no column ${name}`);
  return found;
}

function fillIdentity(table: Table, chip: number, histograms: ChipHistograms, base: number): void {
  const chips = column(table.data, 'chip');
  const channel = column(table.data, 'channel');
  const type = column(table.data, 'channeltype');
  const corruption = column(table.data, 'corruption');
  summaryOrder.forEach((row, i) => {
    chips[base + i] = chip;
    channel[base + i] = row.channel;
    type[base + i] = row.type;
    corruption[base + i] = histograms.corruptHeaders[row.half] / histograms.records;
  });
}

function fillStatistics(table: Table, histograms: ChipHistograms, base: number): void {
  const scratch = { occupied: newOccupied(), statistics: newStatistics() };
  const n = histograms.records;
  for (let half = 0; half < 2; half++) {
    for (let i = 0; i < channelWordsPerHalf; i++) {
      const row = base + summaryRowOfWord(firstChannelWord + i, half);
      for (let which = 0; which < table.fields.length; which++) {
        const found = histograms.occupied(channelBin(half, i, which), scratch.occupied);
        if (which === field.tot) expandTots(scratch.occupied, found);
        describe(scratch.occupied, found, n, scratch.statistics);
        write(table.fields[which], row, scratch.statistics);
      }
    }
    // common-mode channels carry only adc: their tot and toa stay 0, the columns' initial value
    for (let i = 0; i < 2; i++) {
      const found = histograms.occupied(commonModeBin(half) + i * fieldStride, scratch.occupied);
      describe(scratch.occupied, found, n, scratch.statistics);
      write(table.fields[field.adc], base + commonModeRow(half) + i, scratch.statistics);
    }
  }
}

/** Turns codes into values; expanded ones may lie among the plain ones, so the order is made anew. */
function expandTots(occupied: Occupied, found: number): void {
  const { values, counts } = occupied;
  if (found === 0 || expandTot(values[found - 1]) === values[found - 1]) return;
  for (let bin = 0; bin < found; bin++) {
    const value = expandTot(values[bin]);
    const count = counts[bin];
    let at = bin;
    for (; at > 0 && values[at - 1] > value; at--) {
      values[at] = values[at - 1];
      counts[at] = counts[at - 1];
    }
    values[at] = value;
    counts[at] = count;
  }
}

function write(columns: FieldColumns, row: number, statistics: Statistics): void {
  columns.median[row] = statistics.median;
  columns.iqr[row] = statistics.iqr;
  columns.mean[row] = statistics.mean;
  columns.deviation[row] = statistics.deviation;
  if (columns.efficiency !== undefined) columns.efficiency[row] = statistics.efficiency;
  if (columns.efficiencyError !== undefined) columns.efficiencyError[row] = statistics.efficiencyError;
}
