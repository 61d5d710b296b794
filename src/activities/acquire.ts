import { join } from 'node:path';
import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import type { AcquireOutcome, AcquireTask, FileReference } from '../domain/scan/tasks.js';
import { acquireChunk } from '../io/acquire/acquire-chunk.js';
import type { AcquireJob } from '../io/acquire/acquire-job.js';
import { loadDaqProcedure, type LoadedDaq } from '../io/configuration/frozen-procedure.js';
import { checkMarker } from '../io/output/output-folder.js';
import type { SessionUser, StandSession } from '../io/stand/stand-session.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';
import { watchForStop } from './stopping.js';

export interface QuietTask {
  readonly stand: string;
  readonly network: FileReference | null;
}

/** What a daq worker does with its stand. */
export interface AcquireActivities {
  acquire(task: AcquireTask): Promise<AcquireOutcome>;
  /** Stops data taking and resets the chips; waits for an attempt that is still ending. */
  quiet(task: QuietTask): Promise<void>;
}

export function createAcquireActivities(session: StandSession): AcquireActivities {
  return {
    acquire: (task) => {
      const heart = { run: task.from, acquired: 0 };
      return withHeartbeat(
        () => heart,
        () => withFailures(() => acquire(session, task, heart), { gotOn: () => heart.acquired > 0 }),
      );
    },
    quiet: (task) =>
      withHeartbeat(
        () => null,
        () => withFailures(() => session.quiet(userOf(task.stand, 'quiet', task.network), cancellationSignal())),
      ),
  };
}

async function acquire(
  session: StandSession,
  task: AcquireTask,
  heart: { run: number; acquired: number },
): Promise<AcquireOutcome> {
  const { context, name } = task;
  await checkMarker(context.output, context.marker);
  const loaded = await loadDaqProcedure(task.file, context.board);
  const user = userOf(`${context.scan} ${task.file.sha256}`, `${context.scan}: ${name}`, context.network);
  const folder = {
    path: join(context.output, name),
    scan: context.firstRunId,
    warn: (text: string) => log.warn(text),
  };
  const stop = watchForStop();
  try {
    return await acquireChunk(session, user, folder, {
      ...jobOf(task, loaded),
      stopping: () => stop.asked(),
      signal: stop.signal,
      onRun: (run, acquired) => Object.assign(heart, { run, acquired }),
    });
  } finally {
    stop.end();
  }
}

function jobOf(task: AcquireTask, { procedure, plan }: LoadedDaq): Omit<AcquireJob, 'stopping' | 'signal' | 'onRun'> {
  const { context } = task;
  return {
    plan,
    runStartTdcProcedure: procedure.runStartTdcProcedure,
    minEvents: procedure.minEvents,
    // one run in a hundred may be lost, but always one
    maxFailedRuns: context.maxFailedRuns ?? procedure.maxFailedRuns ?? Math.max(1, Math.floor(plan.runs / 100)),
    board: context.board,
    from: task.from,
    seconds: task.seconds,
    attempt: activityInfo().attempt,
  };
}

function userOf(key: string, what: string, network: FileReference | null): SessionUser {
  const taskToken = Buffer.from(activityInfo().taskToken).toString('base64');
  return { key, network: network?.path, what, taskToken };
}
