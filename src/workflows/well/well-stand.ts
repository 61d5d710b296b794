import { ActivityFailure, ApplicationFailure } from '@temporalio/common';
import { CancellationScope, condition, isCancellation, log, workflowInfo } from '@temporalio/workflow';
import { isTrouble, type Waiting } from '../../domain/scan/notes.js';
import type { AcquireOutcome, WellTask } from '../../domain/scan/tasks.js';
import { asking, cleanUp, stand } from '../activities.js';
import { askForStand } from '../presence/ask-for-workers.js';
import { waitForStand } from '../presence/wait-for-workers.js';
import type { LeaseRequest } from '../messages.js';
import { standWorkflowId } from '../names.js';
import { releaseLeaseSignal } from '../definitions.js';
import { tell } from '../tell.js';
import { enter, type Well } from './well-report.js';
import { waitFor } from './well-state.js';

/**
 * One chunk of runs; a chunk that is ended by a signal gives what it has. After a try at which somebody else had the
 * stand's lock it is a chunk of one run, to see whether he still has.
 */
export async function acquireChunk(run: Well): Promise<AcquireOutcome | undefined> {
  const { counts, control, task } = run;
  const locked = control.waiting?.kind === 'lock';
  if (!locked) await enter(run, 'acquiring');
  const scope = new CancellationScope();
  control.chunk = scope;
  const chunk = {
    name: task.procedure.name,
    file: counts.prepared.file,
    from: counts.next,
    seconds: locked ? 0 : counts.chunkSeconds,
  };
  try {
    const summary = `${task.procedure.name}: runs from ${counts.next}`;
    const outcome = await scope.run(() =>
      stand(task.context.stand).acquire.executeWithOptions({ summary }, [
        { context: task.context, ...chunk, ...(task.release === undefined ? {} : { news: true as const }) },
      ]),
    );
    control.waiting = undefined;
    return outcome;
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw error;
    const holder = lockHolder(error);
    if (holder !== undefined) return await waitForLock(run, holder);
    if (isCancellation(error) || (scope.consideredCancelled && !isFinal(error))) return undefined;
    throw error;
  } finally {
    control.chunk = undefined;
    if (isTrouble(control.waiting)) control.waiting = undefined;
  }
}

/** An attempt that fails while it is asked to end is not made again by itself: only what no attempt can mend is final. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof ActivityFailure && error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true
  );
}

/** Who has the stand's lock, where that is why a chunk could not begin: the stand's daq worker says so. */
function lockHolder(error: unknown): string | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'BusyError' ? cause.message : undefined;
}

/** Up to 10 s between two tries, which take some seconds themselves; the scan is told once, however long it takes. */
async function waitForLock(run: Well, holder: string): Promise<undefined> {
  const { control, counts } = run;
  waitFor(control, 'lock', `its stand: ${holder}`);
  await enter(run, 'queued');
  const over = (): boolean => control.paused !== null || control.aborted !== null || control.yielding;
  await condition(over, `${Math.min(10, 2 ** counts.waits)} seconds`);
  counts.waits = Math.min(counts.waits + 1, 6);
  return undefined;
}

/** Something outside must change (disk space, temperature): looks again after a while, or when told to resume. */
export async function waitAndSee(run: Well, kind: 'space' | 'readings', reason: string): Promise<void> {
  const { control, counts } = run;
  waitFor(control, kind, reason);
  await enter(run, 'paused');
  const { resumed } = control;
  const over = (): boolean => control.resumed > resumed || control.aborted !== null || control.yielding;
  await condition(over, `${5 * 2 ** counts.waits} seconds`);
  counts.waits = Math.min(counts.waits + 1, 7);
  control.waiting = undefined;
}

/** Between two runs; may last for days. */
export async function pause(run: Well): Promise<void> {
  const { control } = run;
  if (control.paused?.release === true || run.task.release !== undefined) await letGo(run);
  waitFor(control, 'resume', 'resume');
  await enter(run, 'paused');
  const over = (): boolean => control.paused === null || control.aborted !== null;
  if (run.task.release === undefined) await condition(over);
  else await keepOrLend(run, over);
  control.waiting = undefined;
}

/** A pause that comes once more may lend the stand, and so does somebody urgent: whoever is paused does not need it. */
async function keepOrLend(run: Well, over: () => boolean): Promise<void> {
  const { control } = run;
  const isWanted = (): boolean => control.granted && (control.paused?.release === true || control.yielding);
  for (;;) {
    await condition(() => over() || isWanted());
    if (over()) return;
    await lend(run);
  }
}

/** Another scan is urgent: it is served first, then this one asks again. */
export async function lend(run: Well): Promise<void> {
  run.control.yielding = false;
  await giveBack(run);
}

/** Who pauses lends the stand where he was told to; who waits for it while paused would keep it from others. */
async function letGo(run: Well): Promise<void> {
  const { control } = run;
  if (control.paused?.release === true || !control.granted) await giveBack(run);
}

/** Asks the stand for a lease; again after a while, should the stand's workflow have been lost meanwhile. */
export async function takeLease(run: Well): Promise<void> {
  const { control } = run;
  if (!run.task.standThere && run.counts.secondsPerRun === 0 && !(await meetStand(run))) return;
  await enter(run, 'queued');
  if (control.waiting === undefined) waitFor(control, 'stand', `stand ${run.task.context.stand}`);
  run.counts.asked++;
  control.asking = true;
  await asking.requestLease({ stand: run.task.context.stand, request: leaseRequest(run) });
  const decided = (): boolean => control.granted || control.refused !== undefined || control.aborted !== null;
  await condition(() => decided() || control.paused !== null, '5 minutes');
  if (control.refused !== undefined) throw ApplicationFailure.nonRetryable(control.refused, 'BusyError');
  if (!control.granted) return;
  control.waiting = undefined;
  run.counts.leased = true;
}

/**
 * The worker of a stand that was not there when the scan began: Wells of 2.0.0 fail without it.
 * @returns false where something else is wanted meanwhile
 */
async function meetStand(run: Well): Promise<boolean> {
  const { control, task } = run;
  const over = (): boolean => control.aborted !== null || control.paused !== null;
  const say = (waiting: Waiting | undefined): void => {
    control.waiting = waiting;
    void enter(run, 'queued');
  };
  if (task.release === undefined) await askForStand(task.context.stand);
  else await waitForStand(task.context.stand, { say, over });
  return task.release === undefined || !over();
}

export function leaseRequest({ task, counts }: Pick<Well, 'task' | 'counts'>): LeaseRequest {
  const { workflowId, firstExecutionRunId } = workflowInfo();
  const { scan, network, operator } = task.context;
  return {
    holder: workflowId,
    firstRunId: firstExecutionRunId,
    scan,
    procedure: task.procedure.name,
    priority: task.priority,
    urgent: task.urgent,
    scanStarted: task.scanStarted,
    network,
    ...(operator === undefined ? {} : { operator }),
    ...(task.release === undefined ? {} : { number: counts.asked }),
  };
}

/** Data taking stopped, chips reset, lease given back. Where there is none, the wish for one is taken back. */
export async function giveBack(run: Well): Promise<void> {
  const { control, counts } = run;
  if (!control.granted) return await withdraw(run);
  const isQuiet = await makeQuiet(run);
  control.granted = false;
  counts.leased = false;
  await release(run, isQuiet);
}

/** Nobody waits long for it who aborts: a stand that does not answer goes back as it is. */
const abortedQuiet = { startToCloseTimeout: '4 seconds', scheduleToCloseTimeout: '4 seconds' } as const;

/** @returns whether data taking has stopped and the chips are reset; whoever is next begins with a reset anyway */
async function makeQuiet(run: Well): Promise<boolean> {
  const { control, task, root } = run;
  if (task.release === undefined) return quieten(task, {});
  const isEnding = (): boolean => control.aborted !== null || root.consideredCancelled;
  if (isEnding()) return quieten(task, control.aborted === null ? {} : abortedQuiet);
  const scope = new CancellationScope(); // ends also where the workflow is cancelled
  control.ending = scope;
  const isQuiet = await scope.run(() => quieten(task, {}));
  control.ending = undefined;
  return isQuiet || !isEnding() ? isQuiet : await CancellationScope.nonCancellable(() => quieten(task, abortedQuiet));
}

async function quieten({ context }: WellTask, limits: Partial<typeof abortedQuiet>): Promise<boolean> {
  const { stand, network } = context;
  const options = { summary: 'stop, reset, check', ...limits };
  try {
    await cleanUp(stand).quiet.executeWithOptions(options, [{ stand, network }]);
    return true;
  } catch (error) {
    log.warn('the stand could not be made quiet; whoever is next begins with a reset', { error });
    return false;
  }
}

/** Wells of 2.0.0 leave the wish in the queue, and give the stand back when they get it. */
async function withdraw(run: Well): Promise<void> {
  if (!run.control.asking || run.task.release === undefined) return;
  run.control.asking = false;
  await release(run);
}

function release({ task, counts }: Well, isQuiet = true): Promise<boolean> {
  const number = task.release === undefined ? [] : [counts.asked];
  const unclean = isQuiet || task.release === undefined ? [] : [{ unclean: true }];
  const holder = workflowInfo().workflowId;
  return tell(standWorkflowId(task.context.stand), releaseLeaseSignal, holder, ...number, ...unclean);
}
