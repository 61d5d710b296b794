import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { AcquireOutcome, AcquireTask, WellTask } from '../../../src/domain/scan/tasks.js';
import { acquireOutcome, daqProcedure } from '../temporal/fake-scan.js';
import type { ActivityEnd } from './jobs.js';
import type { ActivityEnds } from './moves.js';
import type { Activity, World } from './world.js';

/** What a Well of a scan `scan` is started with: `runs` runs of procedure p on stand s. */
export function wellTask(scan: string, runs: number, more: Partial<WellTask> = {}): WellTask {
  return {
    context: { scan, firstRunId: scan, output: '/nowhere', marker: 'm', stand: 's', network: null },
    procedure: daqProcedure('p', { runs }),
    ...{ calibrations: [], priority: 3, urgent: false, scanStarted: 0, standThere: true, verify: false },
    progressSteps: 4,
    release: '2.1',
    ...more,
  };
}

/** How a Well's, a stand's and a bench lease's activities may end; the first way is the plain one. */
export function standEnds(world: World): ActivityEnds {
  return (activity) => {
    const { type, input } = activity;
    if (type === 'acquire') return acquireEnds(activity, input as AcquireTask);
    if (type === 'watchHolder') return watchEnds(world, activity);
    if (type === 'requestLease') return requestEnds(world, activity);
    if (type === 'quiet') return [done(undefined), failed('LinkError', 'no answer')];
    if (type === 'prepare') return [done(preparedOf(input))];
    if (type === 'process') return processEnds(input as { from: number; to: number });
    if (type === 'merge') return [done({ output: '/nowhere/p.h5', sha256: 'p', rows: 1, quarantined: 0 })];
    if (type === 'mergeAhead') return [done(null)];
    return [done(undefined)];
  };
}

function done(result: unknown, label = 'done'): ActivityEnd {
  return { label, result };
}

function failed(type: string, message: string): ActivityEnd {
  return { label: `fails (${type})`, failure: ApplicationFailure.nonRetryable(message, type) };
}

function preparedOf(input: unknown): unknown {
  const { procedure } = input as Pick<WellTask, 'procedure'>;
  return { file: procedure.file, runs: procedure.runs, reused: 0, next: 0, reasons: [] };
}

/** The rest of the runs, or one; ended by a signal it gives what it has, or says that it was cancelled. */
function acquireEnds({ cancelRequested, workflow }: Activity, { from }: AcquireTask): ActivityEnd[] {
  const { runs } = (workflow.run.start.args[0] as WellTask).procedure;
  const outcome = (next: number, end: AcquireOutcome['end']): ActivityEnd =>
    done(acquireOutcome({ end, next, acquired: next - from }), `${end}, next ${next}`);
  if (cancelRequested)
    return [outcome(from, 'cancelled'), { label: 'cancelled', failure: new CancelledFailure('cancelled') }];
  const one = outcome(Math.min(from + 1, runs), from + 1 >= runs ? 'all' : 'chunk');
  const refused = failed('BusyError', 'somebody else has it');
  return [outcome(runs, 'all'), one, outcome(from, 'readings'), refused, failed('LinkError', 'gone')];
}

function processEnds({ from, to }: { from: number; to: number }): ActivityEnd[] {
  const outcome = { processed: to - from, reused: 0, damaged: 0, reasons: [] };
  return [done(outcome), failed('StorageError', 'no space')];
}

/** A watcher lives as long as the run of a workflow that it watches. */
function watchEnds(world: World, { input }: Activity): ActivityEnd[] {
  const { holder, firstRunId } = input as { holder: string; firstRunId: string };
  const workflow = world.workflows.get(holder);
  const lives = workflow?.end === undefined && workflow?.run.start.firstRunId === firstRunId;
  return lives ? [] : [done(workflow?.end?.state ?? 'unknown')];
}

/** An attempt that is late may tell what was told already. */
function requestEnds(world: World, { input }: Activity): ActivityEnd[] {
  const { stand, request } = input as { stand: string; request: unknown };
  const once = (): void =>
    world.signalWithStart(`stand/${stand}`, 'testStand', [{ stand, release: '2.1' }], 'requestLease', request);
  const twice = (): void => [0, 1].forEach(once);
  return [
    { label: 'told', effect: once },
    { label: 'told twice', effect: twice },
  ];
}
