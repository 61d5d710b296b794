import { bytesText, countText } from '../../domain/quantities.js';
import type { RunRecord } from '../../io/hdf5/table-metadata.js';
import { typeName, type TableLook } from './table-look.js';
import { textTable } from './text-table.js';

const indent = '  ';

/** A readable look at a table, `width` characters wide. */
export function formatTable(look: TableLook, width: number, all: boolean): string {
  const constant = all ? [] : constantColumns(look);
  const varying = { ...look, columns: look.columns.filter((column) => !constant.includes(column)) };
  return [
    look.path,
    ...facts(look),
    '',
    ...columnLines(varying),
    ...constantLines(constant),
    ...look.skipped.map(({ name, reason }) => `${indent}${name}: not shown (${reason})`),
    ...(look.first.rows > 0 ? ['', ...firstRows(varying, width)] : []),
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
  const given = lines.flatMap(([name, text]) => (text === undefined || text === '' ? [] : [[name, text]]));
  return textTable(['', ''], given, { indent });
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
  const lines = columns.map((column) => {
    const { name, unit, label, range } = column;
    const missing = range?.missing ? `${countText(range.missing)} NaN` : '';
    return [name, typeName(column), unit ?? '', formatValue(range?.min), formatValue(range?.max), missing, label ?? ''];
  });
  const table = textTable(['column', 'type', 'unit', { right: 'min' }, { right: 'max' }, '', ''], lines, { indent });
  return rangeRows < rows ? [...table, `${indent}min and max of the first ${countText(rangeRows)} rows`] : table;
}

/** Fewer are no burden to the eye. */
const manyColumns = 12;

/** In a table of many columns those that say the same in every row. */
function constantColumns({ columns, rangeRows, rows }: TableLook): TableLook['columns'] {
  if (columns.length <= manyColumns || rangeRows < rows) return [];
  return columns.filter(({ range }) => range?.min !== undefined && range.min === range.max && !range.missing);
}

function constantLines(columns: TableLook['columns']): string[] {
  if (columns.length === 0) return [];
  const shown = columns.map(({ name, range }) => `${name} = ${formatValue(range?.min)}`);
  return ['', `${indent}the same in every row (--all shows them): ${shown.join(', ')}`];
}

function firstRows({ from, first, columns, rows }: TableLook, width: number): string[] {
  const last = countText(from + first.rows - 1);
  const part = from === 0 ? `first rows (${countText(first.rows)} of` : `rows ${countText(from)} to ${last} (of`;
  const heading = first.rows < rows ? `${part} ${countText(rows)})` : 'all rows';
  const shown = columns.map(({ name, type }) => (typeof type === 'string' ? { right: name } : name));
  const lines = Array.from({ length: first.rows }, (_, row) => [
    String(from + row),
    ...columns.map(({ name }) => formatValue(first.data.get(name)?.[row])),
  ]);
  return [heading, ...textTable([{ right: '' }, ...shown], lines, { width, indent })];
}

/** Integers whole, other numbers with six digits. */
export function formatValue(value: number | bigint | string | undefined): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value ?? '');
  return String(Number(value.toPrecision(6)));
}
