import type { MeasuredRun } from '../scan/origin.js';
import type { ScanPlan } from './plan.js';

/** Why a measured run is none of a plan's. */
export interface Unlike {
  readonly kind: 'origin' | 'configuration';
  readonly text: string;
}

/** Compares a measured run with the run of the same number in a plan; undefined where it is that very run. */
export function whyUnlike({ origin, keyOn }: ScanPlan, measured: MeasuredRun): Unlike | undefined {
  const { run, key, board, stand } = measured;
  if (origin.any !== true && board !== origin.board) return { kind: 'origin', text: otherBoard(board, origin.board) };
  if (key !== keyOn(board, run)) return { kind: 'configuration', text: 'was measured with another configuration' };
  if (origin.any === true || stand === undefined || origin.stand === undefined || stand === origin.stand)
    return undefined;
  return { kind: 'origin', text: `was measured at stand ${stand}, not ${origin.stand}` };
}

function otherBoard(measured: string | undefined, wanted: string | undefined): string {
  if (measured === undefined) return `was measured without the name of a board, ${wanted} given`;
  return `was measured on board ${measured}, ${wanted === undefined ? 'none given' : `not ${wanted}`}`;
}
