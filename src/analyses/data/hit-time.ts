import type { Numbers } from './columns.js';

/** ToA counts from 0 to 1023 within a bunch crossing of 25 ns, and begins anew. */
export const toaRange = 1024;

/** A larger deviation (in counts) means that the hits lie on both sides of the end of the range: their mean says nothing. */
const wrapped = 100;

/** When the hits of a row came, in ToA counts. */
export interface HitTime {
  /** 0 … 1023; NaN where no event has a ToA. */
  readonly toa: number;
  /** Standard deviation of the single hit; NaN where the hits lie around the end of the range. */
  readonly jitter: number;
}

/**
 * Mean and deviation of the hits alone: the table's take events without a ToA as 0. A table without `toa_stdd` does not
 * tell whether hits lie around the end of the range.
 */
export function hitTime(columns: Numbers, row: number): HitTime {
  const [mean, efficiency] = ['toa_mean', 'toa_efficiency'].map((name) => columns.get(name)[row]);
  if (!(efficiency > 0)) return { toa: NaN, jitter: NaN };
  const toa = mean / efficiency;
  if (!columns.has('toa_stdd')) return { toa, jitter: NaN };
  const deviation = columns.get('toa_stdd')[row];
  const meanOfSquares = (deviation ** 2 + mean ** 2) / efficiency;
  const jitter = Math.sqrt(Math.max(0, meanOfSquares - toa ** 2));
  if (jitter < wrapped) return { toa, jitter };
  return { toa: columns.has('toa_median') ? columns.get('toa_median')[row] : NaN, jitter: NaN };
}

/** The difference of two times on the shorter way round: −512 … 512 counts. */
export function around(difference: number): number {
  return difference - toaRange * Math.round(difference / toaRange);
}

/** Mean of times that lie within half a range of each other, 0 … 1024; those that are NaN do not count. */
export function meanTime(times: readonly number[]): number {
  const known = times.filter((time) => !Number.isNaN(time));
  if (known.length === 0) return NaN;
  const angle = (2 * Math.PI) / toaRange;
  const [east, north] = known.reduce(([x, y], t) => [x + Math.cos(angle * t), y + Math.sin(angle * t)], [0, 0]);
  const rough = Math.atan2(north, east) / angle; // of the directions: right where the others would be cut by the end
  const mean = rough + known.reduce((sum, time) => sum + around(time - rough), 0) / known.length;
  return mean - toaRange * Math.floor(mean / toaRange);
}
