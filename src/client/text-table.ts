/** A column of a text table: its heading and its cells. */
export interface TextColumn {
  readonly heading: string;
  readonly cells: readonly string[];
  /** Numbers are put to the right. */
  readonly right?: boolean;
}

const gap = '  ';

/** Lines of a table whose columns are as wide as their content; below one another in blocks where `width` is too small. */
export function textTable(columns: readonly TextColumn[], width = Infinity): string[] {
  const laid = columns.map(layColumn);
  const blocks: string[][][] = [];
  let used = Infinity;
  for (const column of laid) {
    const own = column[0].length + gap.length;
    if (used + own > width) {
      blocks.push([]);
      used = gap.length;
    }
    blocks.at(-1)?.push(column);
    used += own;
  }
  return blocks.flatMap((block, index) => [...(index > 0 ? [''] : []), ...joinColumns(block)]);
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
