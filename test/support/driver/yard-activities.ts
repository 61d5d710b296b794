import { ApplicationFailure, CancelledFailure, TimeoutFailure } from '@temporalio/common';
import { TimeoutType } from '@temporalio/common/lib/failure.js';
import type {
  AcquireTask,
  AnalyseOutcome,
  OpenedProcedure,
  ScanContext,
  WellTask,
} from '../../../src/domain/scan/tasks.js';
import { acquireOutcome } from '../temporal/fake-scan.js';
import { searchAttributeNames } from '../../../src/workflows/names.js';
import type { QueuesTask } from '../../../src/activities/pollers.js';
import type { ActivityEnd } from './jobs.js';
import type { ActivityEnds } from './moves.js';
import type { Activity, World } from './world.js';

export const scanContext: ScanContext = {
  ...{ scan: 's', firstRunId: 's', output: '/nowhere', marker: 'm', stand: 'b', network: null },
};

/** How the activities of a scan and its children may end; the first way is the plain one. */
export function scanEnds(world: World, procedures: readonly OpenedProcedure[]): ActivityEnds {
  return (activity) => {
    const ends = endsOf(world, procedures, activity);
    const cancelled = { label: 'cancelled', failure: new CancelledFailure('cancelled') };
    return activity.cancelRequested ? [cancelled, ...ends] : ends;
  };
}

function endsOf(world: World, procedures: readonly OpenedProcedure[], { type, input }: Activity): ActivityEnd[] {
  if (type === 'openScan') return orFails({ context: scanContext, procedures, warnings: ['w'] }, 'ConfigError');
  if (type === 'findSearchAttributes') return [done(searchAttributeNames), done([], 'none')];
  if (type === 'tryAnalyses') return [done([]), done(['it is unknown'], 'unknown')];
  if (type === 'closeScan') return orFails(null, 'StorageError');
  if (type === 'keepFolder') return []; // until it is cancelled
  if (type === 'findUnpolled') return [done([]), { ...done((input as QueuesTask).queues.slice(-1)), label: 'nobody' }];
  if (type === 'ping') return [done({}), { label: 'nobody', failure: nobodyPolls() }];
  if (type === 'prepare') return [done(preparedOf(input as WellTask))];
  if (type === 'requestLease') return [{ label: 'granted', effect: () => grant(world, input) }];
  if (type === 'acquire') return [done(acquiredOf(procedures, input as AcquireTask))];
  if (type === 'process') return [done({ processed: 1, reused: 0, damaged: 0, reasons: [] })];
  if (type === 'merge')
    return orFails({ output: '/nowhere/p.h5', sha256: 'p', rows: 1, quarantined: 0 }, 'StorageError');
  if (type === 'mergeAhead') return [done(null)];
  if (type === 'analyse') return analyseEnds();
  return orFails(undefined, 'Error'); // report, notify, quiet
}

function done(result: unknown, label = 'done'): ActivityEnd {
  return { label, result };
}

function orFails(result: unknown, type: string): ActivityEnd[] {
  return [done(result), { label: 'fails', failure: ApplicationFailure.nonRetryable('it cannot be', type) }];
}

function nobodyPolls(): Error {
  return new TimeoutFailure('nobody polls', undefined, TimeoutType.SCHEDULE_TO_START);
}

function preparedOf({ procedure }: Pick<WellTask, 'procedure'>): unknown {
  return { file: procedure.file, runs: procedure.runs, reused: 0, next: 0, reasons: [] };
}

function grant(world: World, input: unknown): void {
  const { request } = input as { readonly request: { readonly holder: string; readonly number?: number } };
  world.signal(request.holder, 'leaseGranted', request.number);
}

function acquiredOf(procedures: readonly OpenedProcedure[], { name, from }: AcquireTask): unknown {
  const runs = procedures.flatMap((each) => (each.type === 'daq' && each.name === name ? [each.runs] : []))[0] ?? 0;
  return acquireOutcome({ end: 'all', next: runs, acquired: runs - from });
}

/** Time-outs are a user's: whatever number JSON can carry, and what it makes of the others. */
const timeouts = [3600, 1e21, 0, -5, 0.0001, null] as readonly number[];

function analyseEnds(): ActivityEnd[] {
  const plain = { output: '/nowhere/x', calibration: { path: '/nowhere/x.yaml', sha256: 'x' }, reason: 'odd' };
  const more = { onTimeout: 'reject', reused: false, undeclared: [], timeoutSeconds: 1 } as const;
  const outcome = (change: Partial<AnalyseOutcome>): AnalyseOutcome => ({
    ...plain,
    ...more,
    verdict: 'accept',
    ...change,
  });
  return [
    ...[done(outcome({})), done(outcome({ verdict: 'reject' }), 'rejects')],
    ...timeouts.map((timeoutSeconds) =>
      done(outcome({ verdict: 'ask', timeoutSeconds }), `asks for ${timeoutSeconds} s`),
    ),
    { label: 'fails', failure: ApplicationFailure.nonRetryable('a bug', 'AnalysisError') },
  ];
}
