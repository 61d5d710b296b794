/**
 * Room: who has the stand: one long-lived workflow for each, its queue, and leases of the bench.
 * May use: domain/scan, workflows.
 */

import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { FileReference } from '../../domain/scan/tasks.js';
import { cleanUp, standKeeping } from '../activities.js';
import {
  editQueueUpdate,
  leaseGrantedSignal,
  leaseRefusedSignal,
  releaseLeaseSignal,
  renewSignal,
  requestLeaseSignal,
  standQuery,
  waitingForSignal,
  yieldLeaseSignal,
} from '../definitions.js';
import { onSignal } from '../handlers.js';
import { isLong } from '../history.js';
import type { LeaseRequest, QueueEdit, QueueEntry, StandView } from '../messages.js';
import { leaseProblem } from '../request-problems.js';
import { release } from '../names.js';
import { tell } from '../tell.js';
import {
  describe,
  grant,
  isReleased,
  newLeaseState,
  released,
  releasedUnclean,
  setFree,
  takeRelease,
  takeRequest,
  view,
  type LeaseState,
  type StandInput,
} from './lease-state.js';
import { editProblem, editQueue, matches, nextInQueue } from './stand-queue.js';

interface Stand extends LeaseState {
  /** Whether a worker of 2.1 has begun it. */
  readonly newer: boolean;
  /** A new release has begun: it ends this run when idle. */
  renew: boolean;
  /** Somebody wants it to end: it does when idle. */
  cancelled: boolean;
  /** An edit of the queue, a request, a release: something to look at for one that waits. */
  changes: number;
}

/** Entries on hold whose Well is gone are found so often, where nothing else happens. */
const lookAround = '10 minutes';

/**
 * One per stand, for ever: queue of the Wells that want it, the lease of the one that has it, history of who had it.
 * A lease ends when its holder gives it back or its workflow ends, however it ends. Cancelled, it ends when nobody has
 * the stand or waits for it.
 */
export async function testStand(input: StandInput): Promise<void> {
  const own = { newer: input.release !== undefined, renew: false, cancelled: false, changes: 0 };
  const stand: Stand = Object.assign(newLeaseState(input), own);
  installHandlers(stand);
  CancellationScope.current().cancelRequested.catch(() => void (stand.cancelled = true));
  await (stand.newer ? CancellationScope.nonCancellable(() => keep(stand)) : keep(stand));
}

async function keep(stand: Stand): Promise<void> {
  do {
    show(stand);
    if (stand.lease !== null) await serve(stand);
    else await grantNext(stand);
    if (isIdle(stand) && stand.cancelled) throw new CancelledFailure('nobody uses the stand');
    if (isDue(stand)) await condition(allHandlersFinished);
  } while (!isDue(stand) || stand.ended !== undefined); // an end that was noticed is not left to the next run
  const lease = stand.lease?.request;
  await continueAsNew<typeof testStand>({
    stand: stand.stand,
    state: view(stand),
    release,
    ...(lease ? { lease } : {}),
  });
}

function isIdle({ lease, queue }: Stand): boolean {
  return lease === null && queue.length === 0;
}

/** Whether this run should end, and the next one go on. */
function isDue(stand: Stand): boolean {
  return isLong() || (stand.renew && isIdle(stand));
}

function installHandlers(stand: Stand): void {
  onSignal(requestLeaseSignal, 'A Well asks for the stand.', (request) => receive(stand, request), leaseProblem);
  onSignal(releaseLeaseSignal, 'A Well gives the stand back, or wants it no more.', (holder, number?, how?) => {
    takeRelease(stand, holder, number, how?.unclean === true ? releasedUnclean : released);
    stand.changes++;
  });
  onSignal(renewSignal, 'A new release of the program has begun: goes on with it as soon as nobody needs it.', () => {
    stand.renew = true;
  });
  setHandler(standQuery, () => view(stand), { description: 'Who has the stand, who waits for it, who had it.' });
  const lasting = (edit: QueueEdit): Promise<StandView> => CancellationScope.nonCancellable(() => edited(stand, edit));
  setHandler(editQueueUpdate, stand.newer ? lasting : (edit) => edited(stand, edit), {
    description: 'Moves, removes or holds who waits for the stand.',
    validator: (edit) => {
      const problem = editProblem(stand.queue, edit);
      if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, 'ConfigError');
    },
  });
}

async function edited(stand: Stand, edit: QueueEdit): Promise<StandView> {
  const removed = edit.action === 'remove' ? stand.queue.filter((entry) => matches(entry, edit.id)) : [];
  stand.queue = editQueue(stand.queue, edit);
  stand.changes++;
  for (const entry of removed) await tell(entry.holder, leaseRefusedSignal, 'removed from the queue of the stand');
  show(stand);
  return view(stand);
}

async function receive(stand: Stand, request: LeaseRequest): Promise<void> {
  const { lease } = stand;
  const taken = takeRequest(stand, request, stand.newer);
  stand.changes++;
  if (taken === 'late') return;
  if (taken === 'again') {
    await tell(request.holder, leaseGrantedSignal, request.number); // its signal was lost, or it continued as new
    return;
  }
  show(stand);
  if (lease === null) return;
  await sayWhoHasIt(stand, request);
  if (request.urgent && !lease.request.urgent) await tell(lease.holder, yieldLeaseSignal);
}

function sayWhoHasIt({ stand, lease }: Stand, { holder }: LeaseRequest): Promise<boolean> {
  const who = lease === null ? 'on hold' : `used by ${lease.scan} (${lease.procedure})`;
  return tell(holder, waitingForSignal, `stand ${stand}, ${who}`);
}

/** Waits for somebody to serve and gives him the lease. */
async function grantNext(stand: Stand): Promise<void> {
  const seen = stand.changes;
  const over = (): boolean => nextInQueue(stand.queue) !== undefined || hasReason(stand, seen);
  if (stand.newer && stand.queue.length > 0 && !over()) await condition(over, lookAround);
  else await condition(over);
  if (stand.newer) await forgetTheGone(stand);
  const next = nextInQueue(stand.queue);
  if (next === undefined) return;
  grant(stand, next, new Date());
  if (!(await tell(next.holder, leaseGrantedSignal, next.number))) stand.ended = 'its workflow was gone';
}

/** Whether a stand that serves nobody should look around; one of 2.0.0 only ends its run when told to. */
function hasReason(stand: Stand, seen: number): boolean {
  if (!stand.newer) return stand.renew && isIdle(stand);
  return stand.changes > seen || isDue(stand) || (stand.cancelled && isIdle(stand));
}

/** Entries on hold whose Well has ended: nobody takes them back, and they are never granted. */
async function forgetTheGone(stand: Stand): Promise<void> {
  const gone: QueueEntry[] = [];
  for (const entry of stand.queue.filter(({ held }) => held)) if (!(await sayWhoHasIt(stand, entry))) gone.push(entry);
  stand.queue = stand.queue.filter((entry) => !gone.includes(entry));
}

/** Until the lease has ended: watches its holder by an activity. A run of the workflow that grows long leaves early. */
async function serve(stand: Stand): Promise<void> {
  const { lease } = stand;
  if (lease === null) return;
  const watch = new CancellationScope();
  const watching = watch.run(() => watchHolder(stand, lease.request));
  await condition(() => stand.ended !== undefined || isLong());
  watch.cancel();
  await watching;
  if (stand.ended === undefined) return;
  if (!isReleased(stand.ended)) await silence(stand.stand, lease.request.network);
  setFree(stand, new Date());
}

/** Notices the end of the holder's workflow. A watcher that failed, by hand, is replaced. */
async function watchHolder(stand: Stand, { holder, firstRunId }: LeaseRequest): Promise<void> {
  for (;;) {
    try {
      const status = await standKeeping.watchHolder({ holder, firstRunId });
      stand.ended ??= `its workflow ${status}`;
      return;
    } catch (error) {
      if (isCancellation(error)) return;
      log.warn('the holder of the stand is watched anew', { holder, error });
    }
  }
}

/** A holder that did not clean up itself: data taking is stopped before the next one may begin. */
async function silence(stand: string, network: FileReference | null): Promise<void> {
  try {
    await cleanUp(stand).quiet({ stand, network });
  } catch (error) {
    log.warn('the stand could not be made quiet; whoever is next begins with a reset', { stand, error });
  }
}

function show(stand: Stand): void {
  setCurrentDetails(describe(stand));
}
