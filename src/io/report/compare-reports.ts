import { join } from 'node:path';
import { compareNumbers, renderComparison, type NamedNumbers } from '../../domain/report/comparison.js';
import type { ScanReport } from '../../domain/report/model.js';
import { writeFileAtomic } from '../files.js';
import { comparisonName } from '../output/paths.js';
import { channelText, csvLines } from './csv.js';
import { readScanReport } from './read-scan.js';

/** Writes a page into `output` that sets its scan beside that of `other`, an earlier one. @returns its path */
export async function writeComparison(output: string, other: string): Promise<string> {
  const [before, after] = [await readScanReport(other), await readScanReport(output)];
  const changes = compareNumbers(await numbersOf(other, before), await numbersOf(output, after));
  const path = join(output, comparisonName);
  await writeFileAtomic(path, renderComparison(before, after, changes));
  return path;
}

async function numbersOf(output: string, { analyses }: ScanReport): Promise<NamedNumbers[]> {
  const files = analyses.flatMap(({ name, tables }) => tables.map((table) => `${name}/${table.name}`));
  return Promise.all(files.map(async (table) => ({ table, columns: await readNumbers(join(output, table)) })));
}

/** Numbers by column and by what their row is of: a channel where there is one, else the row's number. */
async function readNumbers(path: string): Promise<Map<string, Map<string, number>>> {
  const columns = new Map<string, Map<string, number>>();
  let names: readonly string[] | undefined;
  let row = 0;
  for await (const fields of csvLines(path)) {
    if (names === undefined) {
      names = fields;
      continue;
    }
    const of = rowName(names, fields, row++);
    for (const [i, name] of names.entries()) {
      const value = fields[i] === undefined || fields[i] === '' ? NaN : Number(fields[i]);
      if (!Number.isFinite(value)) continue;
      const column = columns.get(name) ?? new Map<string, number>();
      if (!column.has(of)) columns.set(name, column.set(of, value));
    }
  }
  return columns;
}

function rowName(names: readonly string[], fields: readonly string[], row: number): string {
  const [chip, type, channel] = ['chip', 'channeltype', 'channel'].map((name) => fields[names.indexOf(name)]);
  return chip === undefined || channel === undefined ? `row ${row}` : channelText(chip, type ?? '0', channel);
}
