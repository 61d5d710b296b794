import type { Configuration } from '../config/configuration.js';
import type { Axis, DaqProcedure, PlannedProcedure } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { estimate, type Estimate } from './estimate.js';
import { makePlan } from './make-plan.js';
import type { ScanPlan } from './plan.js';

/** What of a procedure's runs lies in the output folder already. */
export interface Reuse {
  readonly reused: number;
  /** Why the other runs are taken (again). */
  readonly reasons: readonly string[];
  /** Mean time of the runs that were measured. */
  readonly runSeconds?: number;
}

/** Looks into the output folder: `(planned name, its plan) → what is reused`. */
export type ReusePreview = (planned: PlannedProcedure, plan: ScanPlan) => Promise<Reuse>;

/** One line of a plan as people and programs see it. */
export interface PreviewEntry {
  readonly planned: PlannedProcedure;
  /** DAQ procedures only. */
  readonly plan?: ScanPlan;
  readonly axes?: readonly Axis[];
  readonly estimate?: Estimate;
  readonly reused: number;
  readonly reasons: readonly string[];
}

export interface PreviewOptions {
  /** Calibration of an earlier scan, laid on below those made here. */
  readonly calibration?: ConfigMap | undefined;
  readonly board?: string | undefined;
  /** Time of a run as the network file says it. */
  readonly runSeconds?: number | undefined;
  readonly reuse?: ReusePreview | undefined;
}

/** What executing the planned procedures would mean. Calibrations that are still to be made are not in the states. */
export async function previewProcedures(
  configuration: Pick<Configuration, 'procedures'>,
  planned: readonly PlannedProcedure[],
  options: PreviewOptions,
): Promise<PreviewEntry[]> {
  const entries: PreviewEntry[] = [];
  for (const entry of planned) {
    const procedure = configuration.procedures.get(entry.procedure);
    if (procedure?.type === 'daq') entries.push(await previewDaq(entry, procedure, options));
    else entries.push({ planned: entry, reused: 0, reasons: [] });
  }
  return entries;
}

async function previewDaq(
  planned: PlannedProcedure,
  procedure: DaqProcedure,
  options: PreviewOptions,
): Promise<PreviewEntry> {
  const plan = makePlan(procedure, options.calibration === undefined ? [] : [options.calibration], {
    board: options.board,
  });
  const { reused, reasons, runSeconds } = await reuseOf(planned, plan, options.reuse);
  const known = {
    ...(runSeconds === undefined ? {} : { measured: runSeconds }),
    ...(options.runSeconds === undefined ? {} : { configured: options.runSeconds }),
  };
  return { planned, plan, axes: procedure.axes, estimate: estimate(plan, plan.runs - reused, known), reused, reasons };
}

async function reuseOf(planned: PlannedProcedure, plan: ScanPlan, reuse: ReusePreview | undefined): Promise<Reuse> {
  if (reuse === undefined) return { reused: 0, reasons: [] };
  if (planned.calibrations.length === 0) return reuse(planned, plan);
  const names = planned.calibrations.join(', ');
  return { reused: 0, reasons: [`decided when the calibration of ${names} is there`] };
}
