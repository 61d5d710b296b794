import type { TableLook } from './table-look.js';
import { typeName } from './table-look.js';

/** The look as one JSON object; rows are objects by column name, 64-bit integers become numbers. */
export function tableJson(look: TableLook): string {
  const { first, columns, rangeRows, metadata, ...facts } = look;
  const plain = {
    ...facts,
    columns: columns.map(({ range, ...column }) => ({ ...column, type: typeName(column), ...range })),
    rangeRows,
    metadata: metadata ?? null,
    first: Array.from({ length: first.rows }, (_, row) =>
      Object.fromEntries([...first.data].map(([name, values]) => [name, values[row]])),
    ),
  };
  return `${JSON.stringify(plain, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))}\n`;
}
