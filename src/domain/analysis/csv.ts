import type { CsvColumn } from './interface.js';

/** The units of the columns as CSV text; undefined where no column says any. */
export function formatUnits(columns: readonly CsvColumn[]): string | undefined {
  if (columns.every(({ unit }) => unit === undefined || unit === '')) return undefined;
  return formatCsv([
    { name: 'column', values: columns.map(({ name }) => name) },
    { name: 'unit', values: columns.map(({ unit }) => unit ?? '') },
  ]);
}

/** `pedestal.units.csv` for `pedestal.csv`. */
export function unitsName(name: string): string {
  return `${name.replace(/\.csv$/, '')}.units.csv`;
}

/** Columns as CSV text with a header line; numbers in full precision, those that are not finite as empty fields. */
export function formatCsv(columns: readonly CsvColumn[]): string {
  const rows = Math.max(0, ...columns.map((column) => column.values.length));
  const lines = [columns.map((column) => quote(column.name)).join(',')];
  for (let row = 0; row < rows; row++) lines.push(columns.map((column) => field(column.values[row])).join(','));
  return `${lines.join('\n')}\n`;
}

function field(value: number | string | boolean | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  return quote(typeof value === 'string' ? inert(value) : String(value));
}

/** Spreadsheets take text that begins so for a formula, and work it out. */
function inert(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function quote(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
