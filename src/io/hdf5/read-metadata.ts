import type { Mode } from '../../domain/config/procedure.js';
import type { ColumnData } from '../../domain/table/schema.js';
import type { Hdf5File } from './hdf5-file.js';
import { StoredTable } from './stored-table.js';
import type { AxisFacts, FileMetadata, RunRecord } from './table-metadata.js';

/** What `/metadata` of a table of ours holds, apart from the runs. */
export interface StoredMetadata extends FileMetadata {
  readonly configurationSha256: string;
}

/** Metadata of a table of ours; undefined in other writers' files. */
export function readMetadata(file: Hdf5File): StoredMetadata | undefined {
  const attributes = file.attributes('/metadata');
  const text = (name: string) => attributes.get(name)?.toString();
  const procedure = text('procedure');
  const configuration = file.text('/metadata/configuration');
  if (procedure === undefined || configuration === undefined) return undefined;
  const optional = { stand: text('stand'), board: text('board'), comment: file.text('/metadata/comment') };
  const mode = text('mode');
  return {
    procedure,
    configuration,
    software: text('software') ?? '',
    configurationSha256: text('configuration_sha256') ?? '',
    axes: readAxes(file),
    ...(isMode(mode) ? { mode } : {}),
    ...Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)),
  };
}

function isMode(text: string | undefined): text is Mode {
  return text === 'summary' || text === 'full';
}

function readAxes(file: Hdf5File): AxisFacts[] {
  const table = new StoredTable(file, '/metadata/axes');
  const { rows, data } = table.read(['name', 'length', 'unit', 'label'], 0, table.rows);
  return Array.from({ length: rows }, (_, row) => {
    const unit = text(data, 'unit', row);
    const label = text(data, 'label', row);
    return {
      name: text(data, 'name', row),
      length: number(data, 'length', row),
      ...(unit === '' ? {} : { unit }),
      ...(label === '' ? {} : { label }),
    };
  });
}

/** The records of runs in table order, from the `first`th on, at most `count`; none in other writers' files. */
export function readRuns(file: Hdf5File, first = 0, count = Infinity): RunRecord[] {
  if (file.describe('/metadata/runs') === undefined) return [];
  const table = new StoredTable(file, '/metadata/runs');
  const names = table.schema.columns.map((column) => column.name);
  const { rows, data } = table.read(names, first, Math.min(count, table.rows - first));
  return Array.from({ length: rows }, (_, row) => ({
    run: number(data, 'run', row),
    patch: text(data, 'patch', row),
    firstRow: number(data, 'first_row', row),
    rows: number(data, 'rows', row),
    events: number(data, 'events', row),
    truncatedBytes: number(data, 'truncated_bytes', row),
    corruptHalves: number(data, 'corrupt_halves', row),
    sha256: text(data, 'sha256', row),
  }));
}

function number(data: ReadonlyMap<string, ColumnData>, column: string, row: number): number {
  return Number(data.get(column)?.[row]);
}

function text(data: ReadonlyMap<string, ColumnData>, column: string, row: number): string {
  return String(data.get(column)?.[row] ?? '');
}
