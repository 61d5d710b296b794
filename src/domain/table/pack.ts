import type { ConfigMap, Scalar } from '../config/value.js';
import { summaryRowsPerChip } from '../hgcroc/columns.js';
import type { EventBatch } from '../hgcroc/event-columns.js';
import type { SummaryColumns } from '../summary/summarize.js';
import { ConfigRows } from './config-rows.js';
import type { TableLayout } from './layout.js';
import type { RunReadings } from './reading-columns.js';
import { rowSize } from './schema.js';
import { columnGroups, type ColumnGroup, type NumberColumn } from './strided-writers.js';

/** Measured values of whole groups of 78 rows, a group per chip (summary) or record (event mode). */
export interface MeasuredRows {
  readonly groups: number;
  /** Chip number of a group. */
  chipOf(group: number): number;
  /** Values of a measured column, one per row. */
  column(name: string): NumberColumn;
}

/** Rows of a group, in both modes. */
const groupRows = summaryRowsPerChip;

/** Makes packed rows of measured columns and the run's configuration; one for all runs of a procedure. */
export class RowPacker {
  private readonly config: ConfigRows;
  private readonly rowBytes: number;
  private readonly measured: readonly ColumnGroup[];
  private buffer = new Uint8Array(0);

  constructor(readonly layout: TableLayout) {
    this.config = new ConfigRows(layout);
    this.rowBytes = rowSize(layout.schema);
    this.measured = columnGroups(layout.measured);
  }

  /** The whole configuration, the axes' values and the slow readings of the run whose rows come next. */
  setRun(state: ConfigMap, axisValues: ReadonlyMap<string, Scalar>, readings: RunReadings = {}): void {
    this.config.setRun(state, axisValues, readings);
  }

  /** Packed rows of all groups. The bytes are reused by the next call. */
  pack(rows: MeasuredRows): Uint8Array {
    const groupBytes = groupRows * this.rowBytes;
    const bytes = this.bytesFor(rows.groups * groupBytes);
    const view = new DataView(bytes.buffer, 0, bytes.length);
    const columns = this.measured.map(({ names }) => names.map((name) => rows.column(name)));
    for (let group = 0; group < rows.groups; group++) {
      const base = group * groupBytes;
      bytes.set(this.config.forChip(rows.chipOf(group)), base);
      for (let i = 0; i < columns.length; i++) {
        const { at, write } = this.measured[i];
        write(view, base + at, this.rowBytes, columns[i], group * groupRows, groupRows);
      }
    }
    return bytes;
  }

  private bytesFor(length: number): Uint8Array {
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    return this.buffer.subarray(0, length);
  }
}

/** A batch of event mode as groups of rows. */
export function eventRows({ records, columns, chipSlot, chips }: EventBatch): MeasuredRows {
  const byName: Readonly<Record<string, Int32Array>> = columns;
  return { groups: records, chipOf: (group) => chips[chipSlot[group]], column: (name) => found(name, byName[name]) };
}

/** A summary as groups of rows. */
export function summaryRows({ chips, data }: SummaryColumns): MeasuredRows {
  return { groups: chips.length, chipOf: (group) => chips[group], column: (name) => found(name, data.get(name)) };
}

function found(name: string, column: NumberColumn | undefined): NumberColumn {
  if (column === undefined) throw new Error(`there is no measured column ${name}`);
  return column;
}
