import type { TableMetadata } from '../../domain/table/reader.js';
import type { TableSchema } from '../../domain/table/schema.js';

/** What a table file says about itself: only what the same raw files give again when they are processed again. */
export interface FileMetadata extends TableMetadata {
  /** The whole procedure configuration, as text (YAML). */
  readonly configuration: string;
  /** Name and version of the software. */
  readonly software: string;
}

/** A scanned axis: its column's name, number of points, unit and label. */
export type AxisFacts = TableMetadata['axes'][number];

/** What a run contributed, apart from its rows. */
export interface RunFacts {
  readonly run: number;
  /** The run's patch as JSON. */
  readonly patch: string;
  readonly events: number;
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  /** Of the raw file, hex. */
  readonly sha256: string;
}

/** A line of `/metadata/runs`. */
export interface RunRecord extends RunFacts {
  readonly firstRow: number;
  readonly rows: number;
}

/** Columns of `/metadata/runs`; `patchBytes` is the longest patch. */
export function runsSchema(patchBytes: number): TableSchema {
  return {
    columns: [
      { name: 'run', type: 'u32' },
      { name: 'first_row', type: 'i64' },
      { name: 'rows', type: 'i64' },
      { name: 'events', type: 'i64' },
      { name: 'truncated_bytes', type: 'i64' },
      { name: 'corrupt_halves', type: 'i64' },
      { name: 'sha256', type: { text: 64 } },
      { name: 'patch', type: { text: Math.max(1, patchBytes) } },
    ],
  };
}

/** Columns of `/metadata/axes`, wide enough for these axes. */
export function axesSchema(axes: readonly AxisFacts[]): TableSchema {
  const widest = (text: (axis: AxisFacts) => string) =>
    axes.reduce((bytes, axis) => Math.max(bytes, new TextEncoder().encode(text(axis)).length), 1);
  return {
    columns: [
      { name: 'name', type: { text: widest((axis) => axis.name) } },
      { name: 'length', type: 'u32' },
      { name: 'unit', type: { text: widest((axis) => axis.unit ?? '') } },
      { name: 'label', type: { text: widest((axis) => axis.label ?? '') } },
    ],
  };
}
