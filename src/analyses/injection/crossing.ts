import { binomialError } from '../math/statistics.js';
import type { Curve } from './curves.js';

/** Where an efficiency passes one half, in DAC steps. */
export interface Crossing {
  readonly at: number;
  /** Of a transition sharper than the step: step/√12; else from the binomial errors of the two points around it. */
  readonly error: number;
}

/** Where an efficiency last rises through one half, so that a stray high point at the beginning is not taken for it. */
export function crossing(
  { dac: x, events }: Pick<Curve, 'dac' | 'events'>,
  efficiency: readonly number[],
): Crossing | undefined {
  for (let i = x.length - 1; i > 0; i--) {
    const [below, above] = [efficiency[i - 1], efficiency[i]];
    if (!(below < 0.5 && above >= 0.5)) continue;
    const step = x[i] - x[i - 1];
    const part = (0.5 - below) / (above - below);
    const sharp = below < 0.01 && above > 0.99;
    // d part / d below = −(1 − part)/(above − below), d part / d above = −part/(above − below)
    const spread = Math.hypot((1 - part) * binomialError(below, events[i - 1]), part * binomialError(above, events[i]));
    const error = sharp || Number.isNaN(spread) ? step / Math.sqrt(12) : (step * spread) / (above - below);
    return { at: x[i - 1] + part * step, error };
  }
  return undefined;
}
