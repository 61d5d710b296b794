import { heartbeat } from '@temporalio/activity';

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
