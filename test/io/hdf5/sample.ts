import { TableFileWriter, type WrittenTable } from '../../../src/io/hdf5/table-file-writer.js';
import { packRow } from '../../../src/io/hdf5/pack-row.js';
import type { FileMetadata, RunFacts } from '../../../src/io/hdf5/table-metadata.js';
import { withMeanings } from '../../../src/domain/table/measured-columns.js';
import type { TableSchema } from '../../../src/domain/table/schema.js';

/** Every column type, with units, and rows of 39 bytes: no multiple of 4. */
export const schema: TableSchema = withMeanings({
  columns: [
    { name: 'event', type: 'u32' },
    { name: 'adcm', type: 'i32' },
    { name: 'channel', type: 'i16' },
    { name: 'adc_mean', type: 'f32', unit: 'counts', label: 'mean of the adc' },
    { name: 'half', type: 'u8' },
    { name: 'gain', type: 'i8' },
    { name: 'Calib', type: 'u16' },
    { name: 'temperature', type: 'f64', unit: '°C' },
    { name: 'counter', type: 'i64' },
    { name: 'note', type: { text: 5 } },
  ],
});

export const metadata: FileMetadata = {
  procedure: 'injection_scan',
  mode: 'summary',
  configuration: 'target:\n  µ: 1\n',
  software: 'datenraffinerie 2.0.0',
  stand: 'local',
  comment: 'bei Nacht gemessen – grün',
  axes: [{ name: 'Calib', length: 3, unit: 'DAC', label: 'injected charge' }],
};

export const run = (index: number): RunFacts => ({
  run: index,
  patch: JSON.stringify({ target: { Calib: index } }),
  events: 1000,
  truncatedBytes: 352,
  corruptHalves: 2,
  sha256: String(index % 10).repeat(64),
});

/** What row `index` holds, column by column. */
export function valuesOf(index: number): (number | string)[] {
  const sign = index % 2 === 0 ? -1 : 1;
  return [
    index,
    index % 3 === 0 ? -1 : index % 1024,
    (index % 78) - 1,
    Math.fround(index / 7),
    index % 2,
    sign,
    index % 4096,
    index / 3,
    sign * index * 2 ** 33 + 0, // + 0: not −0, which no integer has
    index % 2 === 0 ? 'grün' : 'a',
  ];
}

/** Packed rows `first` … `first + count − 1`. */
export function packedRows(first: number, count: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, (_, row) => packRow(schema, valuesOf(first + row))));
}

/** Writes a table of `rows` rows in three runs, appended in pieces of `piece` rows. */
export async function writeSample(path: string, rows: number, piece = 1000): Promise<WrittenTable> {
  const writer = await TableFileWriter.create(path, schema, metadata);
  for (let index = 0; index < 3; index++) {
    await writer.beginRun(run(index));
    const end = Math.ceil((rows * (index + 1)) / 3);
    while (writer.rows < end) await writer.append(packedRows(writer.rows, Math.min(piece, end - writer.rows)));
  }
  return writer.finish();
}
