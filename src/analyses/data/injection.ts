import type { Numbers } from './columns.js';

/** Columns of a scan over amplitude and phase, and which rows of it count. */
export interface InjectionOptions {
  /** Column of the injected amplitude. */
  readonly dac: string;
  /** Column of the phase. */
  readonly phase: string;
  /** Largest share of corrupt events of a row that counts. */
  readonly max_corruption: number;
}

/** Registers of a channel that connect its injection capacitors: 8 pF and 0.5 pF. */
export const injectionSwitches = ['HighRange', 'LowRange'] as const;

/** Columns that tell of the injection, where a table has them. */
export const injectionColumns = [...injectionSwitches, 'IntCtest', 'Calib'] as const;

/** Whether a capacitor is connected to the channel of a row. */
export function switchedOn(columns: Numbers): (row: number) => boolean {
  const switches = injectionSwitches.filter((name) => columns.has(name)).map((name) => columns.get(name));
  return (row) => switches.some((column) => column[row] > 0);
}

/** Whether charge is injected into the channel of a row: a capacitor is connected, and neither IntCtest nor Calib is 0. */
export function injectedAt(columns: Numbers): (row: number) => boolean {
  const isOn = switchedOn(columns);
  const needed = ['IntCtest', 'Calib'].filter((name) => columns.has(name)).map((name) => columns.get(name));
  return (row) => isOn(row) && needed.every((column) => column[row] !== 0);
}
