import type { Numbers } from './columns.js';

/** Registers of a channel that connect its injection capacitors: 8 pF and 0.5 pF. */
export const injectionSwitches = ['HighRange', 'LowRange'] as const;

/** Columns that tell of the injection, where a table has them. */
export const injectionColumns = [...injectionSwitches, 'IntCtest', 'Calib'] as const;

/** Whether charge is injected into the channel of a row: a capacitor is connected, and neither IntCtest nor Calib is 0. */
export function injectedAt(columns: Numbers): (row: number) => boolean {
  const switches = injectionSwitches.filter((name) => columns.has(name)).map((name) => columns.get(name));
  const needed = ['IntCtest', 'Calib'].filter((name) => columns.has(name)).map((name) => columns.get(name));
  return (row) => switches.some((column) => column[row] > 0) && needed.every((column) => column[row] !== 0);
}
