import { cancellationSignal, Context } from '@temporalio/activity';

/** What a cancellation means to the work of an activity. */

/** How long a run in hand may go on when the chunk was asked to end. */
const graceMs = 30_000;
/** The server answers a long poll after 20 s at the latest: a few polls. */
const roundMs = 60_000;

/** What an activity learns of a wish that it should end. */
interface StopWatch {
  /** Aborted where the work must end at once. */
  readonly signal: AbortSignal;
  /** Whether the work should end after the run in hand. */
  asked(): boolean;
  /** The run in hand will not end: where it should, it is ended now. */
  hurry(): void;
  /** An attempt that was paused by `temporal activity pause` is not done: it goes on when it is unpaused. */
  throwIfPaused(): void;
  end(): void;
}

/**
 * A chunk that is asked to end (pause, abort, shutdown) finishes the run in hand. An attempt that Temporal has given up
 * is a zombie and stops at once: another one may be driving the stand already.
 */
export function watchForStop(): StopWatch {
  const context = Context.current(); // the signal's listeners run outside of it
  const told = context.cancellationSignal;
  const hard = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const onTold = (): void => {
    const details = context.cancellationDetails;
    const givenUp = details?.notFound === true || details?.timedOut === true || details?.reset === true;
    if (givenUp) hard.abort(told.reason);
    else timer = setTimeout(() => hard.abort(told.reason), graceMs);
  };
  if (told.aborted) onTold();
  else told.addEventListener('abort', onTold, { once: true });
  return {
    signal: hard.signal,
    asked: () => told.aborted,
    hurry: () => {
      if (told.aborted) hard.abort(told.reason);
    },
    throwIfPaused: () => {
      if (context.cancellationDetails?.paused === true) throw told.reason;
    },
    end: () => {
      clearTimeout(timer);
      told.removeEventListener('abort', onTold);
    },
  };
}

/** A cancellation that was asked for is the last call; an attempt that was given up, or whose worker ends, stops at once. */
export function watchForLastCall(): { lastCall: AbortSignal; signal: AbortSignal; end(): void } {
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

/** Aborts `round` after a minute, or when the activity is cancelled. */
export async function withinRound<T>(round: AbortController, body: () => Promise<T>): Promise<T> {
  const cancelled = cancellationSignal();
  const abort = (): void => round.abort(cancelled.reason);
  const timer = setTimeout(abort, roundMs);
  cancelled.addEventListener('abort', abort, { once: true });
  if (cancelled.aborted) abort();
  try {
    return await body();
  } finally {
    clearTimeout(timer);
    cancelled.removeEventListener('abort', abort);
  }
}
