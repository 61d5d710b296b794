import { Context } from '@temporalio/activity';
import type { MergeOutcome, MergeTask } from '../domain/scan/tasks.js';
import { loadDaqProcedure } from '../io/configuration/frozen-procedure.js';
import { mergeAhead } from '../io/merge/merge-ahead.js';
import { beating } from './beating.js';

/** They mostly wait; no more of them at a time, or they would keep `process` out of the worker's slots. */
const atMost = 4;

/** The activity `mergeAhead` of one worker. */
export function createMergeAhead(): (task: MergeTask) => Promise<MergeOutcome | null> {
  let running = 0;
  return async (task) => {
    if (running >= atMost) return null;
    running++;
    const heart = { run: 0 };
    const { lastCall, signal, end } = watchForLastCall();
    try {
      return await beating(task.context, heart, async () => {
        const loaded = await loadDaqProcedure(task.file, task.context.board);
        return mergeAhead(task, { loaded, signal, lastCall, onRun: (run) => void (heart.run = run) });
      });
    } finally {
      end();
      running--;
    }
  };
}

/** A cancellation that was asked for is the last call; an attempt that was given up, or whose worker ends, stops at once. */
function watchForLastCall(): { lastCall: AbortSignal; signal: AbortSignal; end(): void } {
  const context = Context.current(); // the signal's listeners run outside of it
  const lastCall = context.cancellationSignal;
  const stop = new AbortController();
  const onCancel = (): void => {
    if (context.cancellationDetails?.cancelRequested !== true) stop.abort(lastCall.reason);
  };
  if (lastCall.aborted) onCancel();
  else lastCall.addEventListener('abort', onCancel, { once: true });
  return { lastCall, signal: stop.signal, end: () => lastCall.removeEventListener('abort', onCancel) };
}
