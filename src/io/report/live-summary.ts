import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { renderLivePage, type LiveMeasurement, type LiveState } from '../../domain/report/live-page.js';
import { livePlot, type LivePoint } from '../../domain/report/live-plot.js';
import { runStatistics } from '../../domain/report/run-statistics.js';
import { makePlan } from '../../domain/plan/make-plan.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { exists, readIfExists } from '../files.js';
import { manifestName, partName, procedureName } from '../output/paths.js';
import { plotSvg } from '../plot/svg.js';
import { partPoints } from './part-points.js';
import { svgPicture } from './pictures.js';
import { proceduresIn } from '../output/output-folder.js';
import { readLines } from './read-measurement.js';

/** Latest runs that the plot shows, at most. */
const shownRuns = 400;

/**
 * A page of what is in an output folder by now, while the scan goes on: progress of every measurement, and the rows so
 * far as a plot. Made anew on every call (tens of ms); a browser loads it again every `refresh` seconds.
 */
export async function liveSummary(output: string, state: LiveState | undefined, refresh = 5): Promise<string> {
  const measurements: LiveMeasurement[] = [];
  for (const name of await proceduresIn(output)) {
    const folder = join(output, name);
    if (await exists(join(folder, manifestName))) measurements.push(await liveMeasurement(folder, name));
  }
  return renderLivePage({ title: `Scan in ${basename(output)}`, state, measurements }, refresh);
}

async function liveMeasurement(folder: string, name: string): Promise<LiveMeasurement> {
  const lines = await readLines(folder);
  const statistics = runStatistics(lines);
  const frozen = await readIfExists(join(folder, procedureName));
  const plan = frozen === undefined ? undefined : makePlan(thawDaqProcedure(frozen), []);
  const processed = lines.map(({ run }) => run).filter((run) => existsSync(join(folder, partName(run))));
  const points = processed.slice(-shownRuns).flatMap((run) => pointsOf(folder, run, plan));
  return {
    name,
    planned: plan?.runs ?? 0,
    measured: lines.length,
    processed: processed.length,
    corruptHalves: statistics.corruptHalves,
    secondsPerRun: lines.length === 0 ? 0 : statistics.secondsInAll / lines.length,
    plot: points.length === 0 ? undefined : await draw(points, plan),
  };
}

function pointsOf(folder: string, run: number, plan: ScanPlan | undefined): LivePoint[] {
  const axis = plan?.axes.at(-1);
  const value = axis === undefined ? undefined : plan?.axisValues(run).get(axis.name);
  const at = typeof value === 'number' ? value : run;
  return partPoints(join(folder, partName(run))).map((point) => ({ run, at, ...point }));
}

async function draw(points: readonly LivePoint[], plan: ScanPlan | undefined): Promise<LiveMeasurement['plot']> {
  const axis = plan?.axes.at(-1);
  const title =
    axis === undefined ? 'run' : `${axis.label ?? axis.name}${axis.unit === undefined ? '' : ` [${axis.unit}]`}`;
  return svgPicture('ADC so far', await plotSvg(livePlot(points, title, axis?.length ?? Number.MAX_SAFE_INTEGER)));
}
