/** Texts for people, as all commands print them. */

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
