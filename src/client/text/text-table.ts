/** A column's heading; the cells of `{ right }`, numbers, stand to the right. */
export type TextColumn = string | { readonly right: string };

export interface TableSpace {
  /** Where it is too small for all columns they follow in blocks, each with the first column (the rows' names). */
  readonly width?: number;
  /** Stands before every line. */
  readonly indent?: string;
}

const gap = '  ';

/**
 * Lines of a table whose columns are as wide as their content. A column without content is left out; the line of
 * headings too where there are none.
 */
export function textTable(
  columns: readonly TextColumn[],
  rows: readonly (readonly string[])[],
  { width = Infinity, indent = '' }: TableSpace = {},
): string[] {
  const used = columns.map((_, at) => at).filter((at) => rows.some((row) => row[at] !== ''));
  const headless = used.every((at) => columns[at] === '');
  const laid = used.map((at) => layColumn(columns[at], headless ? rows : [undefined, ...rows], at));
  const lines = inBlocks(laid, width - indent.length).flatMap((block, index) => [
    ...(index > 0 ? [''] : []),
    ...block[0].map((_, line) => block.map((cells) => cells[line]).join(gap)),
  ]);
  return lines.map((line) => (indent + line).trimEnd());
}

/** The cells of a column, padded to the same width; a row that is undefined is the headings'. */
function layColumn(column: TextColumn, rows: readonly (readonly string[] | undefined)[], at: number): string[] {
  const [heading, right] = typeof column === 'string' ? [column, false] : [column.right, true];
  const cells = rows.map((row) => (row === undefined ? heading : row[at]));
  const widest = Math.max(...cells.map(lengthOf));
  return cells.map((cell) => {
    const pad = ' '.repeat(widest - lengthOf(cell));
    return right ? pad + cell : cell + pad;
  });
}

/** Columns that stand beside one another in `width`. */
function inBlocks(columns: readonly string[][], width: number): string[][][] {
  const [names, ...others] = columns;
  if (names === undefined) return [];
  const blocks = [[names]];
  let left = width - lengthOf(names[0]);
  for (const column of others) {
    const own = gap.length + lengthOf(column[0]);
    if (own > left && blocks[blocks.length - 1].length > 1) {
      blocks.push([names]);
      left = width - lengthOf(names[0]);
    }
    blocks[blocks.length - 1].push(column);
    left -= own;
  }
  return blocks;
}

/** In characters as people count them: one that JavaScript stores as two is one. */
function lengthOf(text: string): number {
  return [...text].length;
}
