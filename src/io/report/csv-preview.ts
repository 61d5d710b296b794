import { createInterface } from 'node:readline';
import { openRegular } from '../files.js';
import type { TablePreview } from '../../domain/report/model.js';

/** Rows that a report shows of a table. */
const shownRows = 100;

/** The first rows of a CSV file of ours, and how many it has. */
export async function previewCsv(path: string, name: string): Promise<TablePreview> {
  const rows: string[][] = [];
  let total = -1; // the header is no row
  const file = await openRegular(path).catch(() => undefined);
  if (file === undefined) return { name, columns: [], rows: [], total: 0 };
  for await (const line of createInterface({
    input: file.createReadStream({ encoding: 'utf8' }),
    crlfDelay: Infinity,
  })) {
    if (rows.length <= shownRows) rows.push(splitLine(line).map(shorten));
    total++;
  }
  return { name, columns: rows[0] ?? [], rows: rows.slice(1), total: Math.max(0, total) };
}

function splitLine(line: string): string[] {
  const fields = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g);
  return [...fields].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/** Six digits are enough for the eye; the file has all. */
function shorten(field: string): string {
  const long = /^-?\d+\.\d{4,}(e[-+]?\d+)?$/.test(field);
  return long ? String(Number(Number(field).toPrecision(6))) : field;
}
