import type { AnalysisContext } from '../../domain/analysis/interface.js';
import type { Numbers } from './columns.js';

/** Rows of a summary table that can be trusted, and what is to be said of the others. */
export interface SoundRows {
  readonly isSound: (row: number) => boolean;
  readonly left: number;
  /** Empty where no row was left out. */
  readonly notes: readonly string[];
}

/**
 * Leaves out rows whose half had more than `limit` (a share, 0 to 1) of its events corrupt: a link that slips shifts
 * means and swells deviations. Without a column `corruption` every row counts.
 */
export function soundRows(columns: Numbers, limit: number): SoundRows {
  if (!columns.has('corruption')) return { isSound: () => true, left: 0, notes: [] };
  const corruption = columns.get('corruption');
  const isSound = (row: number): boolean => !(corruption[row] > limit);
  const chips = new Map<number, number>();
  for (let row = 0; row < columns.rows; row++) {
    if (isSound(row)) continue;
    const chip = columns.get('chip')[row];
    chips.set(chip, (chips.get(chip) ?? 0) + 1);
  }
  const left = [...chips.values()].reduce((sum, rows) => sum + rows, 0);
  if (left === 0) return { isSound, left, notes: [] };
  const where = [...chips].map(([chip, rows]) => `chip ${chip}: ${rows}`).join(', ');
  const text = `${left} of ${columns.rows} rows left out, more than ${100 * limit} % of their events are corrupt (${where})`;
  return { isSound, left, notes: [text] };
}

/** Puts the notes into the log of the analysis. */
export function warnAll({ log }: Pick<AnalysisContext, 'log'>, notes: readonly string[]): void {
  for (const note of notes) log.warn(note);
}
