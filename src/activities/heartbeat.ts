import { heartbeat } from '@temporalio/activity';
import type { ScanContext } from '../domain/scan/tasks.js';
import { checkFolder } from '../io/output/output-folder.js';
import { withFailures, type FailureHandling } from './failures.js';

/**
 * Heartbeats every second while `body` runs, with whatever `details` says at that time. The timer only shows that this
 * process lives; the body has deadlines of its own for everything it waits for.
 */
export async function withHeartbeat<T>(details: () => unknown, body: () => Promise<T>): Promise<T> {
  heartbeat(details());
  const timer = setInterval(() => heartbeat(details()), 1000);
  try {
    return await body();
  } finally {
    clearInterval(timer);
  }
}

/** Work in a scan's output folder: with heartbeats that carry `heart`, and only where the folder is the one meant. */
export function beating<T>(
  context: ScanContext,
  heart: object,
  body: () => Promise<T>,
  handling: FailureHandling = {},
): Promise<T> {
  return withHeartbeat(
    () => heart,
    () =>
      withFailures(async () => {
        await checkFolder(context);
        return body();
      }, handling),
  );
}
