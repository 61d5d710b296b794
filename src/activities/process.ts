import { join } from 'node:path';
import { cancellationSignal, log } from '@temporalio/activity';
import { DatenraffinerieError } from '../domain/errors.js';
import { countText } from '../domain/quantities.js';
import {
  originOf,
  type FileReference,
  type MergeOutcome,
  type MergeTask,
  type OpenedDaq,
  type PreparedProcedure,
  type ProcessOutcome,
  type ProcessTask,
  type ScanContext,
} from '../domain/scan/tasks.js';
import { loadDaqProcedure } from '../io/configuration/frozen-procedure.js';
import { settleIntegerTypes } from '../io/merge/kept-table.js';
import { writePartialTables } from '../io/merge/partial.js';
import { mergeProcedure } from '../io/merge/merge-procedure.js';
import { prepareProcedure } from '../io/configuration/prepare-procedure.js';
import { processRange } from '../io/process/process-range.js';
import { writeReportApart } from '../io/report/report-apart.js';
import type { ProcessingPool } from '../io/process/processing-pool.js';
import { beating } from './heartbeat.js';
import { createMergeAhead } from './merge-ahead.js';

export interface PrepareTask {
  readonly context: ScanContext;
  readonly procedure: OpenedDaq;
  readonly calibrations: readonly FileReference[];
  /** Reads all raw files that are there, and measures damaged ones again. */
  readonly verify?: boolean;
}

/** From raw files to tables. */
export interface ProcessActivities {
  /** Lays calibrations on, freezes the result, compares what is on disk with the plan. */
  prepare(task: PrepareTask): Promise<PreparedProcedure>;
  /** Makes the parts of a range of runs; parts that are as they must be are kept. */
  process(task: ProcessTask): Promise<ProcessOutcome>;
  /** Puts all parts together; without `merge` in the procedure, a table per run. */
  merge(task: MergeTask): Promise<MergeOutcome>;
  /**
   * Makes the table while runs are still being taken; to be cancelled when no more will come, and then finishes what is
   * whole. Null where it came to nothing: then `merge` makes the table.
   */
  mergeAhead(task: MergeTask): Promise<MergeOutcome | null>;
  /** Writes `report.html` of what the output folder has by now, in a process of its own. */
  report(task: { readonly context: ScanContext }): Promise<void>;
}

async function prepare({ context, procedure, calibrations, verify }: PrepareTask): Promise<PreparedProcedure> {
  const prepared = await prepareProcedure(context, procedure, calibrations, verify);
  const loaded = await loadDaqProcedure(prepared.file, originOf(context));
  await settleIntegerTypes(join(context.output, procedure.name), loaded, context);
  return prepared;
}

/**
 * A part that was lost or spoilt since it was made is made again from its raw file; where that is not enough, another try
 * will not help.
 */
async function merge(pool: ProcessingPool, task: MergeTask, onRun: (run: number) => void): Promise<MergeOutcome> {
  const loaded = await loadDaqProcedure(task.file, originOf(task.context));
  const signal = cancellationSignal();
  const parts = { loaded, signal, onRun };
  try {
    return await mergeProcedure(task, parts);
  } catch (error) {
    if (!(error instanceof DatenraffinerieError) || error.type !== 'DataError') throw error;
    log.warn('parts are made again', { procedure: task.name, reason: error.message });
    const folder = join(task.context.output, task.name);
    const range = { from: 0, to: loaded.plan.runs, onRun: () => undefined };
    const again = await processRange(pool, { loaded, folder, signal, ...range });
    if (again.damaged > 0) throw lostRuns(error, again.damaged);
    return mergeProcedure(task, parts);
  }
}

function lostRuns(cause: DatenraffinerieError, runs: number): DatenraffinerieError {
  return new DatenraffinerieError(
    'DataError',
    `${cause.message}; raw files of ${countText(runs, 'run')} are no longer right`,
    {
      remedy: 'start the scan again: these runs are measured again, the others are kept',
      cause,
    },
  );
}

/** The scan has ended, and the stand is free: now there is time for a table of what a scan cut short has measured. */
async function report(context: ScanContext): Promise<void> {
  const signal = cancellationSignal();
  await writePartialTables(context, signal).catch((error: unknown) => {
    signal.throwIfAborted();
    log.warn('there is no partial table', { error });
  });
  await writeReportApart(context.output, signal);
}

/** @param pool threads for all processing of this worker */
export function createProcessActivities(pool: ProcessingPool): ProcessActivities {
  return {
    prepare: (task) => beating(task.context, {}, () => prepare(task)),
    process: (task) => {
      const heart = { done: 0 };
      return beating(task.context, heart, async () => {
        const loaded = await loadDaqProcedure(task.file, originOf(task.context));
        const folder = join(task.context.output, task.name);
        const { from, to } = task;
        const onRun = (): void => void heart.done++;
        return processRange(pool, { loaded, folder, from, to, signal: cancellationSignal(), onRun });
      });
    },
    merge: (task) => {
      const heart = { run: 0 };
      const onRun = (run: number): void => void (heart.run = run);
      return beating(task.context, heart, () => merge(pool, task, onRun), { retry: { DataError: false } });
    },
    mergeAhead: createMergeAhead(),
    report: ({ context }) => beating(context, {}, () => report(context)),
  };
}
