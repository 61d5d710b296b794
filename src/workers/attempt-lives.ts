import { ActivityNotFoundError, type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { LockHolder } from '../io/stand/locks/stand-lock.js';

/** What the server calls an attempt that was given to a worker and has not ended: started, or asked to end. */
const livingStates: ReadonlySet<unknown> = new Set([2, 3, 5]);

/**
 * Whether the attempt that has a stand's lock is still the one that Temporal waits for. The server is asked; a heartbeat
 * in its name, which is all that can be sent for what 2.0.0 wrote beside the lock, would prolong the life it doubts.
 */
export async function attemptLives(client: Client, { attempt, taskToken = '' }: LockHolder): Promise<boolean> {
  if (attempt === undefined) return beatsFor(client, taskToken);
  try {
    const { raw } = await client.workflow.getHandle(attempt.workflowId).describe();
    const pending = raw.pendingActivities?.find(({ activityId }) => activityId === attempt.activityId);
    return pending !== undefined && pending.attempt === attempt.number && livingStates.has(pending.state);
  } catch (error) {
    return !(error instanceof WorkflowNotFoundError); // a server that is away has given up nobody
  }
}

async function beatsFor(client: Client, taskToken: string): Promise<boolean> {
  try {
    await client.activity.heartbeat(Buffer.from(taskToken, 'base64'));
    return true;
  } catch (error) {
    return !(error instanceof ActivityNotFoundError); // cancelled, paused: still the one that is waited for
  }
}
