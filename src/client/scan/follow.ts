import type { Client } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScanResult } from '../../workflows/messages.js';
import { fromWorkflowFailure } from '../failure.js';
import { liveProgress } from './live-progress.js';
import { progressView } from '../text/progress-view.js';

const refreshMs = 500;

/**
 * Shows a scan's progress on stderr until it ends, or until `stop` is aborted (then undefined). Throws what made it
 * fail as one of our errors. A server that is away for a while is waited for.
 */
export async function followScan(client: Client, id: string, stop: AbortSignal): Promise<ScanResult | undefined> {
  const view = progressView(process.stderr);
  const over = new AbortController();
  const result = client.workflow.getHandle(id).result() as Promise<ScanResult>;
  const showing = showUntil(client, id, view.show, AbortSignal.any([stop, over.signal]));
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined); // nobody would hear of it any more
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([result, stopped]);
  } catch (error) {
    throw fromWorkflowFailure(error, id);
  } finally {
    over.abort();
    await showing;
    await liveProgress(client, id).then(view.show, () => undefined); // the last state is what should stand there
    view.end();
  }
}

async function showUntil(
  client: Client,
  id: string,
  show: (progress: Awaited<ReturnType<typeof liveProgress>>) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      show(await liveProgress(client, id));
    } catch {
      // no worker answers at the moment: the last picture stands
    }
    await delay(refreshMs, undefined, { signal }).catch(() => undefined);
  }
}
