import { join } from 'node:path';
import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import { addressOf } from '../domain/config/network/frozen-network.js';
import {
  originOf,
  type AcquireHeart,
  type AcquireOutcome,
  type AcquireTask,
  type NetworkReference,
  type ScanContext,
} from '../domain/scan/tasks.js';
import { acquireChunk } from '../io/acquire/acquire-chunk.js';
import type { AcquireJob } from '../io/acquire/acquire-job.js';
import { loadDaqProcedure, type LoadedDaq } from '../io/configuration/frozen-procedure.js';
import { loadNetwork } from '../io/configuration/frozen-network.js';
import { checkFolder } from '../io/output/output-folder.js';
import type { SessionUser, StandSession } from '../io/stand/stand-session.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';
import { watchForStop } from './stopping.js';

export interface QuietTask {
  readonly stand: string;
  readonly network: NetworkReference | null;
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
      const heart = beginning(task.from);
      return withHeartbeat(
        () => heart,
        () => withFailures(() => acquire(session, task, heart), { gotOn: () => heart.acquired > 0, patient: true }),
      );
    },
    quiet: (task) =>
      withHeartbeat(
        () => null,
        () =>
          withFailures(() => session.quiet(userOf(task.stand, 'quiet', task.network), cancellationSignal()), {
            patient: true,
          }),
      ),
  };
}

/** Where the attempts before have got nowhere, it is theirs since when nothing was measured. */
function beginning(run: number): AcquireHeart {
  const { attempt, heartbeatDetails } = activityInfo();
  const before = attempt > 1 ? (heartbeatDetails as Partial<AcquireHeart> | undefined)?.since : undefined;
  return { run, acquired: 0, since: before ?? new Date().toISOString() };
}

async function acquire(session: StandSession, task: AcquireTask, heart: AcquireHeart): Promise<AcquireOutcome> {
  const { context, name } = task;
  await checkFolder(context);
  const loaded = await loadDaqProcedure(task.file, originOf(context));
  const user = userOf(
    `${context.scan} ${task.file.sha256} ${context.network?.sha256 ?? ''}`,
    `${context.scan}: ${name}`,
    context.network,
  );
  const folder = {
    path: join(context.output, name),
    scan: context.firstRunId,
    warn: (text: string) => log.warn(text),
  };
  const stop = watchForStop();
  try {
    const outcome = await acquireChunk(session, user, folder, {
      ...jobOf(task, loaded),
      place: await placeOf(context),
      stopping: () => stop.asked(),
      signal: stop.signal,
      onRun: (run, acquired) => Object.assign(heart, { run, acquired, since: new Date().toISOString() }),
    });
    stop.throwIfPaused();
    return outcome;
  } finally {
    stop.end();
  }
}

function jobOf(
  task: AcquireTask,
  { procedure, plan }: LoadedDaq,
): Omit<AcquireJob, 'place' | 'stopping' | 'signal' | 'onRun'> {
  const { context } = task;
  return {
    plan,
    runStartTdcProcedure: procedure.runStartTdcProcedure,
    minEvents: procedure.minEvents,
    // one run in a hundred may be lost, but always one
    maxFailedRuns: context.maxFailedRuns ?? procedure.maxFailedRuns ?? Math.max(1, Math.floor(plan.runs / 100)),
    from: task.from,
    seconds: task.seconds,
    attempt: activityInfo().attempt,
  };
}

async function placeOf({ board, stand, network }: ScanContext): Promise<AcquireJob['place']> {
  const address = network === null ? undefined : addressOf(await loadNetwork(network));
  return { stand, ...(address === undefined ? {} : { address }), ...(board === undefined ? {} : { board }) };
}

function userOf(key: string, what: string, network: NetworkReference | null): SessionUser {
  const { taskToken, workflowExecution, activityId, attempt: number } = activityInfo();
  const attempt = { workflowId: workflowExecution?.workflowId ?? '', activityId, number };
  return {
    key,
    network,
    what,
    attempt: { taskToken: Buffer.from(taskToken).toString('base64'), attempt },
  };
}
