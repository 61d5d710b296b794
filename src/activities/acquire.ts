import { join } from 'node:path';
import { activityInfo, cancellationSignal, log } from '@temporalio/activity';
import { DatenraffinerieError } from '../domain/errors.js';
import { addressOf } from '../domain/config/network/frozen-network.js';
import {
  originOf,
  type AcquireOutcome,
  type AcquireTask,
  type NetworkReference,
  type ScanContext,
} from '../domain/scan/tasks.js';
import type { AcquireHeart, MeetOutcome, StandNews } from '../domain/scan/stand-news.js';
import { acquireChunk } from '../io/acquire/acquire-chunk.js';
import type { AcquireJob } from '../io/acquire/acquire-job.js';
import { loadDaqProcedure, type LoadedDaq } from '../io/configuration/frozen-procedure.js';
import { loadNetwork } from '../io/configuration/frozen-network.js';
import { checkFolder } from '../io/output/output-folder.js';
import type { SessionUser, StandSession } from '../io/stand/stand-session.js';
import { withFailures } from './failures.js';
import { StandTrouble, type TroubleParts } from './stand-trouble.js';
import { withHeartbeat } from './heartbeat.js';
import { watchForStop } from './stopping.js';

export interface QuietTask {
  readonly stand: string;
  readonly network: NetworkReference | null;
}

export interface MeetTask {
  readonly network: NetworkReference;
}

/** What a daq worker does with its stand. */
export interface AcquireActivities {
  acquire(task: AcquireTask): Promise<AcquireOutcome>;
  /** Asks, without a word to its services, whether the stand is there. */
  meetStand(task: MeetTask): Promise<MeetOutcome>;
  /** Stops data taking and resets the chips; waits for an attempt that is still ending. */
  quiet(task: QuietTask): Promise<void>;
}

/** The Well that measures: injected, since activities know no workflow code. */
export interface WellLink {
  /** Hands it news of its stand. */
  tell(workflowId: string, news: StandNews): Promise<void>;
  /** Whether it ends for good, and does not only pause. */
  isAborting(workflowId: string): Promise<boolean>;
}

/** Who aborts waits no longer than this for the run in hand. */
const abortGraceMs = 5000;

export function createAcquireActivities(session: StandSession, well: WellLink): AcquireActivities {
  return {
    acquire: (task) => {
      const heart = beginning(task.from);
      const trouble = new StandTrouble(heart, troubleParts(session, task, well));
      const stop = watchForStop();
      hurryWhereAborted(stop, well);
      const beat = (): AcquireHeart => {
        trouble.look();
        if (stop.asked() && trouble.isHopeless()) stop.hurry();
        return heart;
      };
      const parts = { session, heart, trouble, stop };
      return withHeartbeat(beat, () =>
        withFailures(() => acquire(parts, task), { gotOn: () => heart.acquired > 0, patient: true }),
      ).finally(stop.end);
    },
    meetStand: ({ network }) => meetStand(session, network),
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

/** Where the attempts before have got nowhere, it is theirs since when nothing was measured, and what is the trouble. */
function beginning(run: number): AcquireHeart {
  const { attempt, heartbeatDetails } = activityInfo();
  const before = attempt > 1 ? (heartbeatDetails as Partial<AcquireHeart> | undefined) : undefined;
  const earlier = (before?.before ?? 0) + (before?.acquired ?? 0);
  return {
    ...{ run, acquired: 0, since: before?.since ?? new Date().toISOString(), trouble: before?.trouble },
    ...(earlier > 0 ? { before: earlier } : {}),
  };
}

function troubleParts(session: StandSession, { news: wanted }: AcquireTask, well: WellLink): TroubleParts {
  const { attempt, workflowExecution } = activityInfo();
  const tell = (news: StandNews): void => {
    if (wanted !== true) return;
    // whoever looks sees it all the same: in the heartbeats
    const failed = (error: unknown): void => log.warn('the scan was not told of its stand', { error });
    well.tell(workflowExecution?.workflowId ?? '', news).catch(failed);
  };
  return { silence: (patience) => session.silence(patience), tell, attempt };
}

/** A pause lets a long run end; an abort does not. */
function hurryWhereAborted(stop: ReturnType<typeof watchForStop>, well: WellLink): void {
  const { workflowExecution } = activityInfo();
  const told = cancellationSignal();
  const ask = async (): Promise<void> => {
    if (await well.isAborting(workflowExecution?.workflowId ?? '')) setTimeout(stop.hurry, abortGraceMs).unref();
  };
  // not known: then the run has the time that it has in a pause
  told.addEventListener('abort', () => void ask().catch(() => undefined), { once: true });
}

async function meetStand(session: StandSession, network: NetworkReference): Promise<MeetOutcome> {
  try {
    await session.meet(network, cancellationSignal());
    return null;
  } catch (error) {
    if (!(error instanceof DatenraffinerieError)) throw error;
    const { message: text, remedy } = error;
    return { text, ...(remedy === undefined ? {} : { remedy }) };
  }
}

interface AcquireParts {
  readonly session: StandSession;
  readonly heart: AcquireHeart;
  readonly trouble: StandTrouble;
  readonly stop: ReturnType<typeof watchForStop>;
}

async function acquire({ session, heart, trouble, stop }: AcquireParts, task: AcquireTask): Promise<AcquireOutcome> {
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
  try {
    const outcome = await acquireChunk(session, user, folder, {
      ...jobOf(task, loaded),
      place: await placeOf(context),
      stopping: () => stop.asked(),
      signal: stop.signal,
      onRun: (run, acquired) => {
        Object.assign(heart, { run, acquired, since: new Date().toISOString() });
        trouble.over();
      },
    });
    stop.throwIfPaused();
    return outcome;
  } catch (error) {
    trouble.failed(error);
    throw error;
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
