import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Waits for `promise`, but no longer than `seconds`: then resolves to what `late` gives, or rejects with it where it
 * is an Error. Rejects with the signal's reason as soon as that is aborted. Leaves no timer and no listener behind.
 */
export function within<T>(
  seconds: number,
  signal: AbortSignal,
  promise: Promise<T>,
  late: () => T | Error,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const finish = (act: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      act();
    };
    const onAbort = () => finish(() => reject(signal.reason));
    const onLate = () => {
      const result = late();
      finish(() => (result instanceof Error ? reject(result) : resolve(result)));
    };
    const timer = setTimeout(onLate, seconds * 1000);
    signal.addEventListener('abort', onAbort);
    promise.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) => finish(() => reject(error)),
    );
    if (signal.aborted) onAbort();
  });
}

/** Waits `seconds`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
