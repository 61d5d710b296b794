import type { Client, WorkflowExecutionDescription } from '@temporalio/client';
import type { Waiting } from '../../domain/scan/notes.js';
import type { AcquireHeart, Trouble } from '../../domain/scan/stand-news.js';
import { decodePayload } from './payloads.js';

type PendingActivity = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];
type Timestamp = PendingActivity['scheduledTime'];

/** What Temporal knows of the work in hand of a workflow. */
export interface PendingWork {
  /** Runs that the chunk in hand has measured so far. */
  readonly acquired: number;
  /** Set where a try has failed, or where no worker takes the work up. */
  readonly waiting?: Waiting;
}

/** Work of a scan, as people call it. What only waits (for the stand, for workers, for an end) is not work. */
const works: Readonly<Record<string, string>> = {
  openScan: 'reading the configuration',
  closeScan: 'closing the output folder',
  prepare: 'preparing',
  acquire: 'acquiring',
  quiet: 'making the stand quiet',
  process: 'processing',
  merge: 'merging',
  analyse: 'analysing',
};

/** Of `PendingActivityState`: the next try is due, or waits for its time. */
const scheduled = 1;
/** A worker that is there takes work up at once. */
const takenUpMs = 10_000;
/** Failures of the stand's services: these two do not say what the services said. */
const silent = new Set(['LinkError', 'TimeoutError']);

/** From the server's description: needs no worker, and tells of scans of every release. */
export async function pendingWork(client: Client, workflowId: string): Promise<PendingWork> {
  const { raw } = await client.workflow.getHandle(workflowId).describe();
  const activities = raw.pendingActivities ?? [];
  const acquire = activities.find((activity) => activity.activityType?.name === 'acquire');
  const heart = acquire === undefined ? {} : await heartOf(client, acquire);
  const waiting = activities.flatMap((activity) => waitOf(activity, heart) ?? []).at(0);
  return { acquired: (heart.before ?? 0) + (heart.acquired ?? 0), ...(waiting === undefined ? {} : { waiting }) };
}

/** What an acquiring attempt says; one of 2.0.0 does not say `since`. */
async function heartOf(client: Client, { heartbeatDetails }: PendingActivity): Promise<Partial<AcquireHeart>> {
  const payload = heartbeatDetails?.payloads?.[0];
  return payload == null ? {} : (((await decodePayload(client, payload)) as Partial<AcquireHeart> | null) ?? {});
}

function waitOf(activity: PendingActivity, heart: Partial<AcquireHeart>): Waiting | undefined {
  const type = activity.activityType?.name ?? '';
  if (!(type in works)) return undefined;
  if (type !== 'acquire') return unclaimed(activity, works[type]) ?? failing(activity, works[type]);
  const absent = unclaimed(activity, works[type]);
  if (absent !== undefined || heart.trouble !== undefined) return absent ?? troubled(activity, heart.trouble);
  const getsOn = (heart.acquired ?? 0) > 0 && activity.state !== scheduled;
  return getsOn ? undefined : failing(activity, works[type], heart.since);
}

/** What an attempt says itself: not of workers of 2.0.0. */
function troubled({ attempt }: PendingActivity, trouble: Trouble | undefined): Waiting | undefined {
  if (trouble === undefined) return undefined;
  const { kind, text, since } = trouble;
  return { kind, text, since, tries: attempt ?? 1 };
}

/** Work that a worker should have taken up long ago. */
function unclaimed(activity: PendingActivity, what: string): Waiting | undefined {
  if (activity.state !== scheduled) return undefined;
  const due = timeOf(activity.nextAttemptScheduleTime) ?? timeOf(activity.scheduledTime);
  if (due === undefined || Date.now() - due < takenUpMs) return undefined;
  return { kind: 'worker', text: `a worker that goes on ${what}`, since: isoOf(due) };
}

/** What is tried again, and why the last try failed. */
function failing(activity: PendingActivity, what: string, since?: string): Waiting | undefined {
  const { lastFailure } = activity;
  const attempt = activity.attempt ?? 1;
  if (lastFailure == null || attempt < 2) return undefined;
  const isSilent = silent.has(lastFailure.applicationFailureInfo?.type ?? '');
  const message = (lastFailure.message ?? '').split('\n', 1)[0];
  return {
    kind: isSilent ? 'link' : 'retry',
    text: isSilent ? message : `success ${what} (try ${attempt}): ${message}`,
    since: since ?? isoOf(timeOf(activity.scheduledTime) ?? Date.now()),
    tries: attempt,
  };
}

function timeOf(stamp: Timestamp): number | undefined {
  if (stamp?.seconds == null) return undefined;
  return Number(stamp.seconds) * 1000 + Math.floor((stamp.nanos ?? 0) / 1e6);
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
