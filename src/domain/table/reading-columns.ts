import type { ConfigColumn, TableLayout } from './layout.js';

/** Slow readings of a run by name; a name that the run lacks has no value. */
export type RunReadings = Readonly<Record<string, number>>;

/**
 * The layout with a column (float64, NaN where a run has no reading) for each slow reading, behind all others; as
 * `reading_NAME` where the table has a column NAME. Without names it is the very same layout.
 */
export function withReadingColumns(layout: TableLayout, names: readonly string[]): TableLayout {
  if (names.length === 0) return layout;
  const taken = new Set(layout.schema.columns.map(({ name }) => name));
  const columns = names.map((name): ConfigColumn => {
    const label = 'slow reading at the beginning of the run';
    return {
      column: { name: taken.has(name) ? `reading_${name}` : name, type: 'f64', label },
      source: { kind: 'reading', name },
    };
  });
  return {
    ...layout,
    config: [...layout.config, ...columns],
    schema: { columns: [...layout.schema.columns, ...columns.map(({ column }) => column)] },
  };
}

/** The readings that stand in a table of this layout, in its order; null where a run has none of that name. */
export function readingsShown(layout: TableLayout, readings: RunReadings = {}): readonly (number | null)[] {
  return layout.config.flatMap(({ source }) => (source.kind === 'reading' ? [readings[source.name] ?? null] : []));
}
