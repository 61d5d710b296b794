import type { LeaseRecord, LeaseRequest, QueueEntry, StandView, TestStandInput } from '../messages.js';
import { enqueue } from './stand-queue.js';

/** So many leases are remembered. */
const historyLength = 50;

/** What a stand knows: pure, all that changes it is here. */
export interface LeaseState {
  readonly stand: string;
  queue: QueueEntry[];
  lease: (LeaseRecord & { readonly request: LeaseRequest }) | null;
  /** How the lease ended, set by whoever notices first; the lease itself goes when the stand is quiet. */
  ended: string | undefined;
  history: LeaseRecord[];
}

export interface StandInput extends TestStandInput {
  /** The request of the lease in `state`. */
  readonly lease?: LeaseRequest;
}

export function newLeaseState({ stand, state, lease }: StandInput): LeaseState {
  return {
    stand,
    queue: [...(state?.queue ?? [])],
    lease: state?.lease && lease ? { ...state.lease, request: lease } : null,
    ended: undefined,
    history: [...(state?.history ?? [])],
  };
}

/** Whether a request is of the Well that has the lease. */
function isHolders({ lease }: LeaseState, { holder, firstRunId }: LeaseRequest): boolean {
  return lease !== null && lease.holder === holder && lease.request.firstRunId === firstRunId;
}

/**
 * Takes a request.
 * @param onlyLive whether a lease that has ended is one no more although the stand is not quiet yet: who had it must
 *   wait like everybody. Stands of 2.0.0 granted it once more, and then to the next one too.
 * @returns whether the holder asks again: it has not heard of its grant, or has forgotten it
 */
export function takeRequest(state: LeaseState, request: LeaseRequest, onlyLive: boolean): 'again' | 'waits' | 'late' {
  const { lease } = state;
  if (lease !== null && isHolders(state, request) && !(onlyLive && state.ended !== undefined)) {
    if (isLate(request.number, lease.request.number)) return 'late';
    state.lease = { ...lease, request };
    return 'again';
  }
  const queued = state.queue.find(
    ({ holder, firstRunId }) => holder === request.holder && firstRunId === request.firstRunId,
  );
  if (queued !== undefined && !isLate(request.number, queued.number))
    state.queue = state.queue.map((entry) => (entry === queued ? { ...request, held: entry.held } : entry));
  else state.queue = enqueue(state.queue, request);
  return 'waits';
}

/** How a lease ends that its holder gives back: the stand is quiet, or could not be made so and is left alone. */
export const released = 'released';
export const releasedUnclean = 'released unclean';

export function isReleased(ended: string): boolean {
  return ended === released || ended === releasedUnclean;
}

/** The holder gives its lease back, or takes back its wish. What it said of an earlier one comes too late. */
export function takeRelease(
  state: LeaseState,
  holder: string,
  number: number | undefined,
  how: string = released,
): void {
  const { lease } = state;
  if (lease?.holder === holder && !isLate(number, lease.request.number)) state.ended ??= how;
  state.queue = state.queue.filter((entry) => entry.holder !== holder || isLate(number, entry.number));
}

function isLate(number: number | undefined, current: number | undefined): boolean {
  return number !== undefined && current !== undefined && number < current;
}

/** The lease of an entry that is taken from the queue. */
export function grant(state: LeaseState, entry: QueueEntry, now: Date): void {
  const { holder, scan, procedure, operator } = entry;
  state.queue = state.queue.filter((other) => other !== entry);
  state.ended = undefined;
  const who = { holder, scan, procedure, ...(operator === undefined ? {} : { operator }) };
  state.lease = { ...who, from: now.toISOString(), request: entry };
}

/** The lease has ended and the stand is quiet: it is free. */
export function setFree(state: LeaseState, now: Date): void {
  const { lease, ended } = state;
  if (lease === null || ended === undefined) return;
  const { request: _, ...record } = lease;
  state.history = [{ ...record, to: now.toISOString(), end: ended }, ...state.history].slice(0, historyLength);
  state.lease = null;
  state.ended = undefined;
}

export function view({ stand, queue, history, lease }: LeaseState): StandView {
  if (lease === null) return { stand, lease: null, queue, history };
  const { request: _, ...record } = lease;
  return { stand, lease: record, queue, history };
}

/** The live text of the Web UI. */
export function describe({ stand, lease, queue }: LeaseState): string {
  const using = lease === null ? 'free' : `used by \`${lease.scan}\` (${lease.procedure}) since ${lease.from}`;
  const waiting = queue.map(
    (entry, i) => `${i + 1}. \`${entry.scan}\` (${entry.procedure})${entry.held ? ', on hold' : ''}`,
  );
  return [`**${stand}** is ${using}`, '', ...waiting].join('\n');
}
