/**
 * Room: whether workers and stand are there for a scan.
 * May use: domain/scan, workflows.
 */

import type { Waiting } from '../../domain/scan/notes.js';
import type { OpenedProcedure, ScanContext } from '../../domain/scan/tasks.js';
import { polling } from '../activities.js';
import { isMissingAlone, neededRoles, standRole, type Role } from './ask-for-workers.js';
import { unlessOver } from './unless-over.js';

/** How a workflow waits. */
export interface Wait {
  /** Shows what is waited for; undefined: nothing any more. */
  readonly say: (waiting: Waiting | undefined) => void;
  /** Whether the wait is over although nobody came. */
  readonly over: () => boolean;
}

/**
 * Waits until workers ask all queues that a scan needs; where one is missing it says so, with the command that starts it.
 * A worker that is busy is there: the server is asked who polls, not the worker.
 * @returns whether somebody drives the stand; he need not be there where all runs may be on disk
 */
export async function waitForWorkers(
  context: ScanContext,
  procedures: readonly OpenedProcedure[],
  wait: Wait,
): Promise<boolean> {
  const absent = await findAbsent(neededRoles(context, procedures));
  if (absent.length === 0) return true;
  if (await isMissingAlone(absent, context, procedures)) return false;
  await waitUntilThere(absent, wait);
  return true;
}

/** Waits for the worker of a stand that was not there, now that it is needed. */
export async function waitForStand(stand: string, wait: Wait): Promise<void> {
  const absent = await findAbsent([standRole(stand)]);
  if (absent.length > 0) await waitUntilThere(absent, wait);
}

async function findAbsent(roles: readonly Role[]): Promise<Role[]> {
  const summary = 'which workers are there';
  const unpolled = await polling.findUnpolled.executeWithOptions({ summary }, [{ queues: queuesOf(roles) }]);
  return roles.filter(({ queue }) => unpolled.includes(queue));
}

async function waitUntilThere(absent: readonly Role[], { say, over }: Wait): Promise<void> {
  say(waitingFor(absent));
  const summary = 'wait for workers';
  await unlessOver(over, () => polling.waitUntilPolled.executeWithOptions({ summary }, [{ queues: queuesOf(absent) }]));
  say(undefined);
}

function waitingFor(absent: readonly Role[]): Waiting {
  const commands = absent.map(({ start }) => `datenraffinerie worker ${start}`);
  const text = absent.map(({ queue }, i) => `a worker on queue ${queue}: start one with '${commands[i]}'`).join('; ');
  return { kind: 'worker', text, since: new Date().toISOString(), remedy: commands.join('; ') };
}

function queuesOf(roles: readonly Role[]): string[] {
  return roles.map(({ queue }) => queue);
}
