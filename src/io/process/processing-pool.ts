import { setMaxListeners } from 'node:events';
import { rmSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import type { PartHeader } from './part.js';
import { temporaryName } from '../files.js';
import {
  shareContext,
  type JobOutcome,
  type PatchedRun,
  type ProcessContext,
  type ProcessJob,
  type SharedContext,
} from './process-job.js';
import { restoreError } from '../threads/thread-messages.js';
import { ThreadPool } from '../threads/thread-pool.js';

/** What became of a run: its part, or why there is none. `index` is the run's place in the list that was given. */
export type RunOutcome =
  { readonly index: number; readonly header: PartHeader } | { readonly index: number; readonly error: Error };

export interface ProcessOptions {
  /** Aborting ends the threads that work for this call at once. */
  readonly signal?: AbortSignal;
  /** Called as soon as a run is done, in any order. */
  readonly onRun?: (outcome: RunOutcome) => void;
}

/** Runs in a job at most: an aborted or dead thread costs no more than these. */
const longestJob = 16;

/** Processes raw files on all cores, in threads, so that the thread of the caller is free for heartbeats. */
export class ProcessingPool {
  constructor(private readonly threads = new ThreadPool()) {}

  /**
   * Makes the parts of the runs. Resolves to an outcome for every run, in their order; a raw file that cannot be
   * processed is an outcome too. Rejects when aborted, or when a thread died, and then leaves no temporary files.
   */
  async process(
    context: ProcessContext,
    runs: readonly PatchedRun[],
    options: ProcessOptions = {},
  ): Promise<readonly RunOutcome[]> {
    if (options.signal !== undefined) setMaxListeners(0, options.signal); // every job listens
    const shared = shareContext(randomUUID(), context);
    const outcomes: RunOutcome[] = [];
    const size = Math.min(longestJob, Math.max(1, Math.ceil(runs.length / (4 * this.threads.size))));
    const jobs: Promise<void>[] = [];
    for (let first = 0; first < runs.length; first += size) {
      const onRun = (outcome: RunOutcome): void => {
        outcomes.push(outcome);
        options.onRun?.(outcome);
      };
      jobs.push(this.runJob(shared, runs.slice(first, first + size), first, onRun, options.signal));
    }
    const failed = (await Promise.allSettled(jobs)).find((job) => job.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return outcomes.sort((a, b) => a.index - b.index);
  }

  /** Ends all threads. */
  close(): Promise<void> {
    return this.threads.close();
  }

  private async runJob(
    context: SharedContext,
    runs: readonly PatchedRun[],
    first: number,
    onRun: (outcome: RunOutcome) => void,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const job: ProcessJob = { context, runs, unique: randomUUID() };
    const onProgress = (value: unknown): void => onRun(outcomeOf(value as JobOutcome, first));
    const work = { module: 'io/process/process-job.js', function: 'processJob', input: job };
    try {
      await this.threads.run(work, { onProgress, ...(signal === undefined ? {} : { signal }) });
    } catch (error) {
      // a thread that was ended in mid-run could not clean up itself
      for (const { partFile } of runs) rmSync(temporaryName(partFile, job.unique), { force: true });
      throw error;
    }
  }
}

function outcomeOf(outcome: JobOutcome, first: number): RunOutcome {
  const index = first + outcome.index;
  return 'header' in outcome ? { index, header: outcome.header } : { index, error: restoreError(outcome.error) };
}
