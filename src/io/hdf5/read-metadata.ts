import type { Hdf5File } from './hdf5-file.js';
import { TableReader } from './read-table.js';
import type { AxisFacts, RunRecord, TableMetadata } from './table-metadata.js';

/** What `/metadata` of a table of ours holds, apart from the runs. */
export interface StoredMetadata extends TableMetadata {
  readonly configurationSha256: string;
  readonly axes: readonly AxisFacts[];
}

/** Metadata of a table of ours; undefined in other writers' files. */
export function readMetadata(file: Hdf5File): StoredMetadata | undefined {
  const attributes = file.attributes('/metadata');
  const text = (name: string) => attributes.get(name)?.toString();
  const procedure = text('procedure');
  const configuration = file.text('/metadata/configuration');
  if (procedure === undefined || configuration === undefined) return undefined;
  const optional = { stand: text('stand'), board: text('board'), comment: file.text('/metadata/comment') };
  return {
    procedure,
    configuration,
    software: text('software') ?? '',
    configurationSha256: text('configuration_sha256') ?? '',
    axes: readAxes(file),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function readAxes(file: Hdf5File): AxisFacts[] {
  const { rows, data } = new TableReader(file, '/metadata/axes').read();
  const at = (column: string, row: number) => data.get(column)?.[row] ?? '';
  return Array.from({ length: rows }, (_, row) => ({
    name: String(at('name', row)),
    length: Number(at('length', row)),
    ...(at('unit', row) === '' ? {} : { unit: String(at('unit', row)) }),
    ...(at('label', row) === '' ? {} : { label: String(at('label', row)) }),
  }));
}

/** The records of runs `first` … `first + count − 1` in table order; all by default. */
export function readRuns(file: Hdf5File, first = 0, count?: number): RunRecord[] {
  const table = new TableReader(file, '/metadata/runs');
  const { rows, data } = table.read({ first, ...(count === undefined ? {} : { rows: count }) });
  const number = (column: string, row: number) => Number(data.get(column)?.[row]);
  const text = (column: string, row: number) => String(data.get(column)?.[row]);
  return Array.from({ length: rows }, (_, row) => ({
    run: number('run', row),
    patch: text('patch', row),
    firstRow: number('first_row', row),
    rows: number('rows', row),
    events: number('events', row),
    truncatedBytes: number('truncated_bytes', row),
    corruptHalves: number('corrupt_halves', row),
    sha256: text('sha256', row),
  }));
}
