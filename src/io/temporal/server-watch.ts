import { setTimeout as delay } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { openConnection } from './connection.js';
import type { DevServer } from './dev-server.js';
import { readTemporalSettings } from './settings.js';
import { patienceSeconds, startWatchdog } from '../processes/watchdog.js';

/** A server that is busy with many scans may be slow for a while: longer than for workers. */
const secondsPerTick = 2;
/** How long a server may be silent before it counts as hung. */
export const serverPatienceSeconds = patienceSeconds * secondsPerTick;

/** Kills a server that lives but answers no more: whoever supervises it starts it again. Ends with the server. */
export function watchServer({ address, child }: DevServer, log: (text: string) => void): void {
  const over = new AbortController();
  const watchdog = startWatchdog(() => {
    log(`WARN Temporal server: no answer for ${serverPatienceSeconds} s: killed`);
    child.kill();
  }, 1000 * secondsPerTick);
  void child.ended.then(() => {
    watchdog.stop();
    over.abort();
  });
  void askAgainAndAgain(address, () => watchdog.hear(), over.signal).catch(() => undefined); // silence says it
}

async function askAgainAndAgain(address: string, heard: () => void, signal: AbortSignal): Promise<void> {
  const settings = { ...readTemporalSettings(), address, connectionOptions: { address } };
  const connection = await openConnection(settings, 1000 * serverPatienceSeconds);
  try {
    while (!signal.aborted) {
      if (await answers(connection)) heard();
      await delay(1000, undefined, { signal, ref: false }).catch(() => undefined);
    }
  } finally {
    await connection.close();
  }
}

async function answers(connection: Connection): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
