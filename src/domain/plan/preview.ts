import type { Configuration } from '../config/reading/configuration.js';
import type { AnalysisProcedure, Axis, DaqProcedure, Mode, PlannedProcedure } from '../config/procedure.js';
import type { ConfigMap } from '../config/value.js';
import { modeOfAnalysis } from './analysis-mode.js';
import { estimate, type Estimate } from './estimate.js';
import type { ScanPlan } from './plan.js';
import type { Origin } from '../scan/origin.js';
import { planProcedure } from './plan-procedure.js';
import type { RunReuse } from '../scan/tasks.js';

/** What is in the output folder, and means of the runs that were measured there. */
export interface PreviewedReuse extends RunReuse {
  readonly runSeconds?: number;
  readonly runBytes?: number;
}

/** Looks into the output folder: `(planned name, its plan) → what is reused`. */
export type ReusePreview = (planned: PlannedProcedure, plan: ScanPlan) => Promise<PreviewedReuse>;

/** Why the table of a procedure whose runs are all there would be merged again; undefined where it holds. */
export type TablePreview = (
  planned: PlannedProcedure,
  procedure: DaqProcedure,
  plan: ScanPlan,
  calibrations: readonly ConfigMap[],
) => Promise<string | undefined>;

/** Whether the results of an analysis hold whose data are as they must be, and why not, or what is to be said of them. */
export type AnalysisPreview = (
  planned: PlannedProcedure,
  procedure: AnalysisProcedure,
  mode: Mode,
) => Promise<RunReuse>;

/**
 * What the calibration of a planned analysis, whose results hold, lays on: nothing where it gave none; undefined where a
 * human must still accept it, or it was rejected.
 */
export type CalibrationPreview = (name: string) => Promise<readonly ConfigMap[] | undefined>;

/** One line of a plan as people and programs see it. */
export interface PreviewEntry extends RunReuse {
  readonly planned: PlannedProcedure;
  /** DAQ procedures only. */
  readonly plan?: ScanPlan;
  readonly axes?: readonly Axis[];
  readonly estimate?: Estimate;
  /** The table will be another although all runs are there. */
  readonly merges?: boolean;
}

export interface PreviewOptions {
  /** Calibration of an earlier scan, laid on below those made here. */
  readonly calibration?: ConfigMap | undefined;
  /** Where the scan would be measured. */
  readonly origin?: Origin;
  /** Time of a run as the network file says it. */
  readonly runSeconds?: number | undefined;
  readonly reuse?: ReusePreview | undefined;
  readonly table?: TablePreview | undefined;
  readonly analysis?: AnalysisPreview | undefined;
  readonly madeCalibration?: CalibrationPreview | undefined;
}

/** What executing the planned procedures would mean. Only calibrations that are there already are in the states. */
export async function previewProcedures(
  configuration: Pick<Configuration, 'procedures'>,
  planned: readonly PlannedProcedure[],
  options: PreviewOptions,
): Promise<PreviewEntry[]> {
  const entries: PreviewEntry[] = [];
  for (const entry of planned) {
    const procedure = configuration.procedures.get(entry.procedure);
    if (procedure?.type === 'daq') entries.push(await previewDaq(entry, procedure, entries, options));
    else if (procedure !== undefined) {
      const mode = modeOfAnalysis(procedure, configuration.procedures);
      entries.push(await previewAnalysis(entry, { procedure, mode, before: entries }, options));
    }
  }
  return entries;
}

interface AnalysisToPreview {
  readonly procedure: AnalysisProcedure;
  readonly mode: Mode;
  /** What comes before it in the plan. */
  readonly before: readonly PreviewEntry[];
}

/** An analysis runs where its data will change, else where data, parameters or code are not those of its results. */
async function previewAnalysis(
  planned: PlannedProcedure,
  { procedure, mode, before }: AnalysisToPreview,
  { analysis }: PreviewOptions,
): Promise<PreviewEntry> {
  if (analysis === undefined) return { planned, reused: 0, reasons: [] };
  const data = before.filter((entry) => planned.dependsOn.includes(entry.planned.name));
  const changing = data.filter(({ plan, reused }) => plan !== undefined && reused < plan.runs);
  const names = changing.map((entry) => entry.planned.name).join(', ');
  if (changing.length > 0) return { planned, reused: 0, reasons: [`runs: ${names} will be measured`] };
  const merging = data.filter(({ merges }) => merges).map((entry) => entry.planned.name);
  if (merging.length > 0) return { planned, reused: 0, reasons: [`runs: ${merging.join(', ')} will be merged again`] };
  return { planned, ...(await analysis(planned, procedure, mode)) };
}

async function previewDaq(
  planned: PlannedProcedure,
  procedure: DaqProcedure,
  before: readonly PreviewEntry[],
  options: PreviewOptions,
): Promise<PreviewEntry> {
  const external = options.calibration === undefined ? [] : [options.calibration];
  const made = await madeCalibrations(planned, before, options.madeCalibration);
  const calibrations = [...external, ...(made ?? [])];
  const plan = planProcedure(procedure, calibrations, options.origin ?? {});
  const { reused, reasons, runSeconds, runBytes } = await reuseOf(planned, plan, made !== undefined, options.reuse);
  const whole = reused === plan.runs && procedure.merge;
  const why = whole ? await options.table?.(planned, procedure, plan, calibrations) : undefined;
  const table = why === undefined ? [] : [`the table will be merged again: ${why}`];
  const known = {
    measured: {
      ...(runSeconds === undefined ? {} : { seconds: runSeconds }),
      ...(runBytes === undefined ? {} : { bytes: runBytes }),
    },
    ...(options.runSeconds === undefined ? {} : { configured: options.runSeconds }),
  };
  return {
    planned,
    plan,
    axes: procedure.axes,
    estimate: estimate(plan, plan.runs - reused, known),
    merges: why !== undefined,
    reused,
    reasons: [...reasons, ...table],
  };
}

/** The calibrations made for a procedure, in order; undefined where one is still to be made or to be accepted. */
async function madeCalibrations(
  { calibrations }: PlannedProcedure,
  before: readonly PreviewEntry[],
  madeCalibration: CalibrationPreview | undefined,
): Promise<readonly ConfigMap[] | undefined> {
  const made: ConfigMap[] = [];
  for (const name of calibrations) {
    const holds = before.some((entry) => entry.planned.name === name && entry.reused > 0);
    const fragments = holds ? await madeCalibration?.(name) : undefined;
    if (fragments === undefined) return undefined;
    made.push(...fragments);
  }
  return made;
}

async function reuseOf(
  planned: PlannedProcedure,
  plan: ScanPlan,
  calibrated: boolean,
  reuse: ReusePreview | undefined,
): Promise<PreviewedReuse> {
  if (reuse === undefined) return { reused: 0, reasons: [] };
  if (calibrated) return reuse(planned, plan);
  const names = planned.calibrations.join(', ');
  return { reused: 0, reasons: [`decided when the calibration of ${names} is there`] };
}
