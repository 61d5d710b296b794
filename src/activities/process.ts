import { join } from 'node:path';
import { cancellationSignal } from '@temporalio/activity';
import type {
  FileReference,
  MergeOutcome,
  MergeTask,
  OpenedDaq,
  PreparedProcedure,
  ProcessOutcome,
  ProcessTask,
  ScanContext,
} from '../domain/scan/tasks.js';
import { loadDaqProcedure } from '../io/configuration/frozen-procedure.js';
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

/** @param pool threads for all processing of this worker */
export function createProcessActivities(pool: ProcessingPool): ProcessActivities {
  return {
    prepare: ({ context, procedure, calibrations, verify }) =>
      beating(context, {}, () => prepareProcedure(context, procedure, calibrations, verify)),
    process: (task) => {
      const heart = { done: 0 };
      return beating(task.context, heart, async () => {
        const loaded = await loadDaqProcedure(task.file, task.context.board);
        const folder = join(task.context.output, task.name);
        const { from, to } = task;
        const onRun = (): void => void heart.done++;
        return processRange(pool, { loaded, folder, from, to, signal: cancellationSignal(), onRun });
      });
    },
    merge: (task) => {
      const heart = { run: 0 };
      return beating(task.context, heart, async () => {
        const loaded = await loadDaqProcedure(task.file, task.context.board);
        const onRun = (run: number): void => void (heart.run = run);
        return mergeProcedure(task, { loaded, signal: cancellationSignal(), onRun });
      });
    },
    mergeAhead: createMergeAhead(),
    report: ({ context }) => beating(context, {}, () => writeReportApart(context.output, cancellationSignal())),
  };
}
