import { Client, Connection, ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import { liveProgress } from '../../../src/client/scan/live-progress.js';
import type { ScanProgress } from '../../../src/workflows/messages.js';
import { runCli } from './cli.js';
import { waitUntil } from '../tools/processes.js';
import type { Up } from './up.js';

/**
 * Resolves with what `look` finds in the answer of `datenraffinerie status`. The command is called only when it is to be
 * seen from here as well: each call costs the start of a process, and a busy machine would do little else.
 */
export async function untilStatus<T>(
  up: Pick<Up, 'address' | 'environment'>,
  scan: string,
  what: string,
  look: (progress: ScanProgress) => T | undefined,
  timeoutMs?: number,
): Promise<T> {
  const connection = await Connection.connect({ address: up.address });
  const client = new Client({ connection });
  const answer = async (): Promise<T | undefined> => {
    const seen = await progressOf(client, scan);
    if (seen === undefined || look(seen) === undefined) return undefined;
    const { stdout } = await runCli(['status', scan, '--json'], { env: up.environment });
    return stdout === '' ? undefined : look(JSON.parse(stdout) as ScanProgress);
  };
  try {
    return await waitUntil(what, answer, timeoutMs);
  } finally {
    await connection.close();
  }
}

async function progressOf(client: Client, scan: string): Promise<ScanProgress | undefined> {
  try {
    return await liveProgress(client, scan);
  } catch (error) {
    // it has not begun, or the worker that would answer is just being replaced
    if (error instanceof WorkflowNotFoundError || error instanceof ServiceError) return undefined;
    throw error;
  }
}
