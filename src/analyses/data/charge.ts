import { injectionSwitches } from './injection.js';
import type { Numbers } from './columns.js';

/** pF that `HighRange` and `LowRange` connect. */
const capacitors: Readonly<Record<(typeof injectionSwitches)[number], number>> = { HighRange: 8, LowRange: 0.5 };
/** V of the calibration DAC's full scale where `axis` is its register; NaN of any other, which injects no charge. */
export function fullScaleOf(axis: string, { calib_full_scale }: { readonly calib_full_scale: number }): number {
  return axis === 'Calib' ? calib_full_scale : NaN;
}

/** Steps of the calibration DAC over its full scale. */
const calibSteps = 4096;

/** The capacitance in pF through which a row's charge comes; NaN where the table has no switch. */
export function capacitanceAt(columns: Numbers): (row: number) => number {
  const switches = injectionSwitches.filter((name) => columns.has(name));
  if (switches.length === 0) return () => NaN;
  return (row) => switches.reduce((sum, name) => sum + (columns.get(name)[row] > 0 ? capacitors[name] : 0), 0);
}

/**
 * Charge in fC of one step of the calibration DAC: C · V / 4096.
 * @param capacitance in pF
 * @param fullScale of the DAC in V, nominally 1; 0.87 was measured on a chip
 */
export function chargePerStep(capacitance: number, fullScale: number): number {
  return capacitance > 0 ? (1000 * capacitance * fullScale) / calibSteps : NaN;
}
