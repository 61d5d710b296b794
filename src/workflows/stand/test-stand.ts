/**
 * Room: who has the stand: one long-lived workflow for each, its queue, and leases of the bench.
 * May use: domain/scan, workflows.
 */

import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  continueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { cleanUp, standKeeping } from '../activities.js';
import { isLong } from '../history.js';
import type { FileReference } from '../../domain/scan/tasks.js';
import type { LeaseRecord, LeaseRequest, QueueEntry, StandView, TestStandInput } from '../messages.js';
import {
  editQueueUpdate,
  leaseGrantedSignal,
  leaseRefusedSignal,
  releaseLeaseSignal,
  requestLeaseSignal,
  standQuery,
  waitingForSignal,
  yieldLeaseSignal,
} from '../definitions.js';
import { tell } from '../tell.js';
import { editProblem, editQueue, enqueue, matches, nextInQueue } from './stand-queue.js';

const historyLength = 50;

interface State {
  readonly stand: string;
  queue: QueueEntry[];
  lease: (LeaseRecord & { readonly request: LeaseRequest }) | null;
  /** How the lease ended, set by whoever notices first. */
  ended: string | undefined;
  history: LeaseRecord[];
}

/**
 * One per stand, for ever: queue of the Wells that want it, the lease of the one that has it, history of who had it.
 * A lease ends when its holder gives it back or its workflow ends, however it ends.
 */
export async function testStand(input: TestStandInput & { readonly lease?: LeaseRequest }): Promise<void> {
  const state: State = {
    stand: input.stand,
    queue: [...(input.state?.queue ?? [])],
    lease: input.state?.lease && input.lease ? { ...input.state.lease, request: input.lease } : null,
    ended: undefined,
    history: [...(input.state?.history ?? [])],
  };
  installHandlers(state);
  do {
    show(state);
    if (state.lease !== null) await serve(state);
    else await grantNext(state);
    if (isLong()) await condition(allHandlersFinished);
  } while (!isLong() || state.ended !== undefined); // an end that was noticed is not left to the next run
  const lease = state.lease?.request;
  await continueAsNew<typeof testStand>({ stand: state.stand, state: view(state), ...(lease ? { lease } : {}) });
}

function installHandlers(state: State): void {
  setHandler(requestLeaseSignal, (request) => receiveRequest(state, request));
  setHandler(releaseLeaseSignal, (holder) => {
    if (state.lease?.holder === holder) state.ended ??= 'released';
    state.queue = state.queue.filter((entry) => entry.holder !== holder);
  });
  setHandler(standQuery, () => view(state));
  setHandler(
    editQueueUpdate,
    async (edit) => {
      const removed = edit.action === 'remove' ? state.queue.filter((entry) => matches(entry, edit.id)) : [];
      state.queue = editQueue(state.queue, edit);
      for (const entry of removed) await tell(entry.holder, leaseRefusedSignal, 'removed from the queue of the stand');
      show(state);
      return view(state);
    },
    {
      validator: (edit) => {
        const problem = editProblem(state.queue, edit);
        if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'ConfigError');
      },
    },
  );
}

async function receiveRequest(state: State, request: LeaseRequest): Promise<void> {
  const { lease } = state;
  if (lease?.holder === request.holder && lease.request.firstRunId === request.firstRunId) {
    await tell(request.holder, leaseGrantedSignal); // it asks again: its signal was lost, or it continued as new
    return;
  }
  state.queue = enqueue(state.queue, request);
  show(state);
  if (lease === null) return;
  await tell(request.holder, waitingForSignal, `stand ${state.stand}, used by ${lease.scan} (${lease.procedure})`);
  if (request.urgent && !lease.request.urgent) await tell(lease.holder, yieldLeaseSignal);
}

/** Waits for somebody to serve and gives him the lease. */
async function grantNext(state: State): Promise<void> {
  await condition(() => nextInQueue(state.queue) !== undefined);
  const next = nextInQueue(state.queue);
  if (next === undefined) return;
  state.queue = state.queue.filter((entry) => entry !== next);
  const { holder, scan, procedure, operator } = next;
  const from = new Date().toISOString();
  state.ended = undefined;
  state.lease = { holder, scan, procedure, from, ...(operator === undefined ? {} : { operator }), request: next };
  if (!(await tell(holder, leaseGrantedSignal))) state.ended = 'its workflow was gone';
}

/** Until the lease has ended: watches its holder by an activity. A run of the workflow that grows long leaves early. */
async function serve(state: State): Promise<void> {
  const { lease } = state;
  if (lease === null) return;
  const watch = new CancellationScope();
  const watching = watch.run(() =>
    standKeeping.watchHolder({ holder: lease.holder, firstRunId: lease.request.firstRunId }).then(
      (status) => void (state.ended ??= `its workflow ${status}`),
      (error: unknown) => {
        if (!isCancellation(error)) throw error;
      },
    ),
  );
  await condition(() => state.ended !== undefined || isLong());
  watch.cancel();
  await watching;
  if (state.ended === undefined) return;
  if (state.ended !== 'released') await silence(state.stand, lease.request.network);
  const { request: _, ...record } = lease;
  state.history = [{ ...record, to: new Date().toISOString(), end: state.ended }, ...state.history].slice(
    0,
    historyLength,
  );
  state.lease = null;
  state.ended = undefined;
}

/** A holder that did not clean up itself: data taking is stopped before the next one may begin. */
async function silence(stand: string, network: FileReference | null): Promise<void> {
  try {
    await cleanUp(stand).quiet({ stand, network });
  } catch (error) {
    log.warn('the stand could not be made quiet; whoever is next begins with a reset', { stand, error });
  }
}

function view(state: State): StandView {
  const { stand, queue, history } = state;
  if (state.lease === null) return { stand, lease: null, queue, history };
  const { request: _, ...lease } = state.lease;
  return { stand, lease, queue, history };
}

function show(state: State): void {
  const { lease, queue } = state;
  const using = lease === null ? 'free' : `used by \`${lease.scan}\` (${lease.procedure}) since ${lease.from}`;
  const waiting = queue.map(
    (entry, i) => `${i + 1}. \`${entry.scan}\` (${entry.procedure})${entry.held ? ', on hold' : ''}`,
  );
  setCurrentDetails([`**${state.stand}** is ${using}`, '', ...waiting].join('\n'));
}
