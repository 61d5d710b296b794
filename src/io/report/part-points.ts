import { columnWidth, rowSize, type TableSchema } from '../../domain/table/schema.js';
import type { LivePoint } from '../../domain/report/live-plot.js';
import { extractColumn } from '../hdf5/stored-columns.js';
import { PartFile } from '../process/part-reader.js';

/** Rows of a part that are looked at: all of a summary, the first events else. */
const maxRows = 20_000;

/** Mean and extremes of the ADC over the normal channels of every chip of one run; empty where the part lacks columns. */
export function partPoints(path: string): Pick<LivePoint, 'chip' | 'mean' | 'low' | 'high'>[] {
  const part = PartFile.open(path);
  try {
    const { schema, rows } = part.header;
    const count = Math.min(rows, maxRows);
    const bytes = new Uint8Array(count * rowSize(schema));
    part.read(0, count, bytes);
    return perChip(bytes, schema);
  } finally {
    part.close();
  }
}

function perChip(bytes: Uint8Array, schema: TableSchema): Pick<LivePoint, 'chip' | 'mean' | 'low' | 'high'>[] {
  const chip = column(bytes, schema, 'chip');
  const adc = column(bytes, schema, 'adc_mean') ?? column(bytes, schema, 'adc');
  const type = column(bytes, schema, 'channeltype');
  if (chip === undefined || adc === undefined) return [];
  const chips = new Map<number, { sum: number; count: number; low: number; high: number }>();
  for (let row = 0; row < adc.length; row++) {
    if ((type !== undefined && type[row] !== 0) || adc[row] < 0) continue; // −1: not carried
    const entry = chips.get(chip[row]) ?? { sum: 0, count: 0, low: Infinity, high: -Infinity };
    chips.set(chip[row], entry);
    entry.sum += adc[row];
    entry.count++;
    entry.low = Math.min(entry.low, adc[row]);
    entry.high = Math.max(entry.high, adc[row]);
  }
  return [...chips].map(([number, { sum, count, low, high }]) => ({ chip: number, mean: sum / count, low, high }));
}

function column(bytes: Uint8Array, schema: TableSchema, name: string): number[] | undefined {
  let offset = 0;
  for (const { name: here, type } of schema.columns) {
    const width = columnWidth(type);
    if (here === name) {
      const data = extractColumn(bytes, rowSize(schema), { name, type, offset, width, bigEndian: false });
      return Array.from(data, Number);
    }
    offset += width;
  }
  return undefined;
}
