import { readFileSync } from 'node:fs';
import { RawDecoder } from '../../../src/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import { MemoryTable } from './memory-table.js';
import type { TableMetadata, TableRun } from '../../../src/domain/table/reader.js';
import type { TableSchema } from '../../../src/domain/table/schema.js';
import { packRow } from '../../../src/io/hdf5/pack-row.js';
import { TableFileWriter } from '../../../src/io/hdf5/table-file-writer.js';
import { recordedPath } from '../raw/recorded-data.js';

export type NumberColumns = Readonly<Record<string, readonly number[]>>;

/** A table in memory from plain columns. */
export function memoryTable(
  columns: NumberColumns,
  metadata?: TableMetadata,
  runs: readonly TableRun[] = [],
): MemoryTable {
  const rows = Object.values(columns)[0]?.length ?? 0;
  const data = new Map(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]));
  return new MemoryTable(schemaOf(columns), { rows, data }, metadata, runs);
}

/** The same as an HDF5 file of ours. */
export async function writeTable(path: string, columns: NumberColumns, procedure = 'a_scan'): Promise<void> {
  const schema = schemaOf(columns);
  const writer = await TableFileWriter.create(path, schema, {
    procedure,
    configuration: '{}',
    software: 'test',
    axes: [],
  });
  const rows = Object.values(columns)[0]?.length ?? 0;
  const facts = { run: 0, patch: '{}', events: 1, truncatedBytes: 0, corruptHalves: 0, sha256: '0'.repeat(64) };
  await writer.beginRun(facts);
  for (let row = 0; row < rows; row++) {
    const values = Object.values(columns).map((column) => column[row]);
    await writer.append(packRow(schema, values));
  }
  await writer.finish();
}

/** The recorded injection scan as its table would be: `runs` of 16 amplitudes at each of the phases 0, 3, 6. */
export function recordedScan(runs: readonly number[]): NumberColumns {
  const columns: Record<string, number[]> = {};
  const add = (name: string, value: number): void => void (columns[name] ??= []).push(value);
  for (const run of runs) {
    const counter = new SummaryCounter();
    const decoder = new RawDecoder([counter]);
    decoder.push(readFileSync(recordedPath(run)));
    decoder.end();
    const { rows, data } = summarize(counter);
    for (let row = 0; row < rows; row++) {
      for (const [name, values] of data) add(name, Number(values[row]));
      add('Calib', 128 * ((run - 1) % 16));
      add('phase_strobe', 3 * Math.floor((run - 1) / 48));
    }
  }
  return columns;
}

function schemaOf(columns: NumberColumns): TableSchema {
  return { columns: Object.keys(columns).map((name) => ({ name, type: 'f64' })) };
}
