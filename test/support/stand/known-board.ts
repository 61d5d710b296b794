import { seededRandom } from '../../../src/domain/random.js';
import type { NumberColumns } from '../tables/tables.js';

/** A channel of a board whose character is known. */
export interface KnownChannel {
  readonly chip: number;
  readonly channel: number;
  readonly pedestal: number;
  readonly trimSlope: number;
}

/** 2 chips × 72 channels: pedestals 290 ± 15 counts, the second chip 20 counts higher; 2 counts per step of trim_inv. */
export function knownBoard(seed = 5): KnownChannel[] {
  const random = seededRandom(seed);
  return Array.from({ length: 144 }, (_, i) => ({
    chip: Math.floor(i / 72),
    channel: i % 72,
    pedestal: 290 + 20 * Math.floor(i / 72) + 15 * random.normal(),
    trimSlope: 2 + 0.1 * random.normal(),
  }));
}

/** Columns from rows. */
export function columnsOf(rows: readonly Readonly<Record<string, number>>[]): NumberColumns {
  const names = Object.keys(rows[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])]));
}
