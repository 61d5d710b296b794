import type { Mode } from '../config/procedure.js';
import type { Column, TableSchema } from './schema.js';

/** Where a configuration column has its values from. */
export type ConfigSource =
  /** A parameter of the chips: a value per chip and channel. */
  | { readonly kind: 'parameter'; readonly name: string }
  /** A setting of a trigger generator of the daq server (`A_BX`): the same for all rows of a run. */
  | { readonly kind: 'generator'; readonly name: string }
  /** What an axis says of a run, where it scans neither: the same for all rows of a run. */
  | { readonly kind: 'axis'; readonly name: string }
  /** What was read at the stand when the run began: the same for all rows of a run. */
  | { readonly kind: 'reading'; readonly name: string };

/** A configuration column and how it is filled. */
export interface ConfigColumn {
  readonly column: Column;
  readonly source: ConfigSource;
}

/** What the rows of a procedure's table consist of; plain data, so that it can be sent to another thread. */
export interface TableLayout {
  readonly mode: Mode;
  readonly measured: readonly Column[];
  readonly config: readonly ConfigColumn[];
  /** All columns: measured ones, then configuration. */
  readonly schema: TableSchema;
}
