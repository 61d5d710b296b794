import type { Mode } from '../config/procedure.js';
import type { Columns, TableSchema } from './schema.js';

/** Rows `start` … `end` − 1 of a table. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** What a table says of itself beyond its rows; units and labels of columns stand in the schema. */
export interface TableMetadata {
  /** The DAQ procedure that was measured, empty where the file does not say. */
  readonly procedure: string;
  /** Undefined where the file does not say; then the columns tell (`event` is only there in full mode). */
  readonly mode?: Mode;
  /** The scanned axes in their order, slowest first; each is also a column. */
  readonly axes: readonly {
    readonly name: string;
    readonly length: number;
    readonly unit?: string;
    readonly label?: string;
  }[];
  readonly stand?: string;
  readonly board?: string;
  readonly comment?: string;
}

/** A run and its rows in a table. */
export interface TableRun {
  readonly run: number;
  readonly firstRow: number;
  readonly rows: number;
  /** Events that were taken, corrupt ones included. */
  readonly events: number;
  /** Halves of chips whose data are corrupt, summed over the events. */
  readonly corruptHalves: number;
}

/**
 * A table that may be larger than memory. Columns are read only when asked for. A name that the table lacks rejects
 * with a DataError that names it and the nearest column.
 */
export interface TableReader {
  readonly schema: TableSchema;
  readonly rows: number;
  readonly metadata: TableMetadata;
  /** The runs in the order of their rows; none where the file does not say. */
  runs(): readonly TableRun[];
  /** The columns `names`, of all rows or of `range`; every array has the type of its column. */
  columns(names: readonly string[], range?: RowRange): Promise<Columns>;
  /**
   * The same in order, at most `size` rows at a time (default: what fits well into memory). A chunk ends with a run, or,
   * in a run that is longer, with an event.
   */
  chunks(names: readonly string[], size?: number): AsyncIterable<Columns>;
}
