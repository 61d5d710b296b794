/** A column of a text table: its heading and its cells. */
export interface TextColumn {
  readonly heading: string;
  readonly cells: readonly string[];
  /** Numbers are put to the right. */
  readonly right?: boolean;
}

const gap = '  ';

/**
 * Lines of a table whose columns are as wide as their content. Where `width` is too small for all of them, they follow
 * in blocks below one another, each with the first column (the rows' names).
 */
export function textTable(columns: readonly TextColumn[], width = Infinity): string[] {
  const [names, ...others] = columns.map(layColumn);
  const blocks = [[names]];
  let used = lineWidth(names);
  for (const column of others) {
    const own = lineWidth(column);
    if (used + own > width && blocks[blocks.length - 1].length > 1) {
      blocks.push([names]);
      used = lineWidth(names);
    }
    blocks[blocks.length - 1].push(column);
    used += own;
  }
  return blocks.flatMap((block, index) => [...(index > 0 ? [''] : []), ...joinColumns(block)]);
}

function lineWidth(column: readonly string[]): number {
  return column[0].length + gap.length;
}

/** Heading and cells, padded to the same width. */
function layColumn({ heading, cells, right = false }: TextColumn): string[] {
  const all = [heading, ...cells];
  const widest = Math.max(...all.map((cell) => cell.length));
  return all.map((cell) => (right ? cell.padStart(widest) : cell.padEnd(widest)));
}

function joinColumns(columns: readonly string[][]): string[] {
  return columns[0].map((_, line) => `${gap}${columns.map((column) => column[line]).join(gap)}`.trimEnd());
}
