import { setTimeout as sleep } from 'node:timers/promises';

/** Waits `seconds`, or rejects with the signal's reason as soon as it is aborted. */
export async function pause(seconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(seconds * 1000, undefined, { signal });
  } catch {
    throw signal.reason;
  }
}
