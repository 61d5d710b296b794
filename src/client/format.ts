/** Texts for people, as all commands print them. */

/** `1,000 runs`, `1 run`. */
export function countText(count: number, noun: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ',')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Bytes in the largest decimal unit that leaves a whole part. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

/** Rows in aligned columns under a heading; columns in `right` are aligned to the right. */
export function tableText(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string {
  const all = [heading, ...rows];
  const used = heading.map((_, column) => column).filter((column) => rows.some((row) => row[column] !== ''));
  const widths = heading.map((_, column) => Math.max(...all.map((row) => [...row[column]].length)));
  const cell = (row: readonly string[], column: number) => {
    const pad = ' '.repeat(widths[column] - [...row[column]].length);
    return right.includes(column) ? pad + row[column] : row[column] + pad;
  };
  return all
    .map((row) =>
      used
        .map((column) => cell(row, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
