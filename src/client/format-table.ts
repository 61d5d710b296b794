import { bytesText, countText } from '../domain/quantities.js';
import type { RunRecord } from '../io/hdf5/table-metadata.js';
import { typeName, type TableLook } from './table-look.js';
import { textTable } from './text-table.js';

/** A readable look at a table, `width` characters wide. */
export function formatTable(look: TableLook, width: number): string {
  return [
    look.path,
    ...facts(look),
    '',
    ...columnLines(look),
    ...look.skipped.map(({ name, reason }) => `  ${name}: not shown (${reason})`),
    ...(look.first.rows > 0 ? ['', ...firstRows(look, width)] : []),
    '',
  ].join('\n');
}

function facts(look: TableLook): string[] {
  const { metadata, runs, rows, bytes, rowBytes } = look;
  const uncompressed = rows * rowBytes;
  const size = `${bytesText(bytes)} on disk, ${bytesText(uncompressed)} in memory`;
  const lines: [string, string | undefined][] = [
    ['rows', `${countText(rows)} of ${rowBytes} bytes (${size})`],
    ['procedure', metadata === undefined ? undefined : named(metadata.procedure, metadata.mode)],
    ['stand', metadata?.stand],
    ['board', metadata?.board],
    ['comment', metadata?.comment],
    ['software', metadata?.software],
    ['axes', metadata?.axes.map(({ name, length, unit }) => `${name} × ${length}${inUnit(unit)}`).join(', ')],
    ['runs', runs.length === 0 ? undefined : runsLine(runs)],
  ];
  const given = lines.filter(([, text]) => text !== undefined && text !== '');
  return textTable([
    { heading: '', cells: given.map(([name]) => name) },
    { heading: '', cells: given.map(([, text]) => text ?? '') },
  ]).slice(1);
}

function named(procedure: string, mode: string | undefined): string {
  return mode === undefined ? procedure : `${procedure} (${mode})`;
}

function inUnit(unit: string | undefined): string {
  return unit === undefined ? '' : ` (${unit})`;
}

function runsLine(runs: readonly RunRecord[]): string {
  const sum = (of: (run: RunRecord) => number) => runs.reduce((total, run) => total + of(run), 0);
  const events = sum((run) => run.events);
  const corrupt = sum((run) => run.corruptHalves);
  const truncated = runs.filter((run) => run.truncatedBytes > 0).length;
  const notes = [
    ...(corrupt > 0 ? [`${countText(corrupt)} corrupt halves`] : []),
    ...(truncated > 0 ? [`${countText(truncated)} with a truncated end`] : []),
  ];
  return [`${countText(runs.length)} with ${countText(events)} events`, ...notes].join(', ');
}

function columnLines({ columns, rangeRows, rows }: TableLook): string[] {
  const missing = columns.map(({ range }) => (range?.missing ? `${countText(range.missing)} NaN` : ''));
  const table = textTable([
    { heading: 'column', cells: columns.map(({ name }) => name) },
    { heading: 'type', cells: columns.map(typeName) },
    { heading: 'unit', cells: columns.map(({ unit }) => unit ?? '') },
    { heading: 'min', cells: columns.map(({ range }) => formatValue(range?.min)), right: true },
    { heading: 'max', cells: columns.map(({ range }) => formatValue(range?.max)), right: true },
    { heading: '', cells: missing },
    { heading: '', cells: columns.map(({ label }) => label ?? '') },
  ]);
  return rangeRows < rows ? [...table, `  min and max of the first ${countText(rangeRows)} rows`] : table;
}

function firstRows({ first, columns, rows }: TableLook, width: number): string[] {
  const numbers = Array.from({ length: first.rows }, (_, row) => String(row));
  const heading = first.rows < rows ? `first rows (${countText(first.rows)} of ${countText(rows)})` : 'all rows';
  const shown = columns.map(({ name, type }) => ({
    heading: name,
    cells: numbers.map((_, row) => formatValue(first.data.get(name)?.[row])),
    right: typeof type === 'string',
  }));
  return [heading, ...textTable([{ heading: '', cells: numbers, right: true }, ...shown], width)];
}

/** Integers whole, other numbers with six digits. */
export function formatValue(value: number | bigint | string | undefined): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value ?? '');
  return String(Number(value.toPrecision(6)));
}
