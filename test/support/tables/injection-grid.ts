import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import type { ManifestLine } from '../../../src/domain/scan/manifest.js';
import { defaultConfiguration, mainFile } from '../../../src/simulator/recorded-scan-files.js';
import { manifestLines } from '../disk/scan-folder.js';

export const gridProcedure = 'injection_scan';
export const gridRuns = 100;
export const gridEvents = 20;

/** Writes the configuration of a scan of 100 short runs of one chip; returns its main file. */
export function writeInjectionGrid(folder: string): string {
  const grid = { phases: 4, phaseStep: 3, calibs: 25, calibStep: 80 };
  const shape = { seed: 1, chips: 1, events: gridEvents, runSeconds: 0.002, ...grid };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'default.yaml'), defaultConfiguration(shape));
  writeFileSync(join(folder, 'main.yaml'), mainFile(shape));
  return join(folder, 'main.yaml');
}

const failureSchema = z.object({ run: z.number(), type: z.string(), message: z.string() });

/** What a scan left on disk. */
export interface MeasuredScan {
  readonly manifest: readonly ManifestLine[];
  readonly failures: readonly z.infer<typeof failureSchema>[];
  /** Rows of each run in the table. */
  readonly rowsOfRuns: readonly number[];
  readonly columns: readonly string[];
  /** The table's rows as they lie in the file. */
  readonly rows: Buffer;
}

export async function readScan(output: string): Promise<MeasuredScan> {
  const table = await TableFile.open(join(output, `${gridProcedure}.h5`));
  try {
    const { bytes, schema } = await table.packedRows({ start: 0, end: table.rows });
    return {
      manifest: manifestLines(output, gridProcedure),
      failures: failuresOf(output),
      rowsOfRuns: table.runs().map(({ rows }) => rows),
      columns: schema.columns.map(({ name }) => name),
      rows: Buffer.from(bytes),
    };
  } finally {
    table.close();
  }
}

function failuresOf(output: string): MeasuredScan['failures'] {
  const path = join(output, gridProcedure, 'failures.jsonl');
  if (!existsSync(path)) return []; // it is begun with the first failure
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => failureSchema.parse(JSON.parse(line)));
}
