import { type Client, WorkflowFailedError } from '@temporalio/client';
import { TerminatedFailure } from '@temporalio/common';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScanProgress, ScanResult, ScanWorkflow } from '../../workflows/messages.js';
import { fromWorkflowFailure } from '../failure.js';
import { liveProgress } from './live-progress.js';
import { progressView } from '../text/progress-view.js';
import { whenThere } from '../server-away.js';

const refreshMs = 500;

/** Is told what the scan does; what it throws ends following it. */
export type Look = (progress: ScanProgress) => Promise<void> | void;

/**
 * Shows a scan's progress on stderr until it ends, or until `stop` is aborted (then undefined). Throws what made it
 * fail as one of our errors. A server that is away for a while is waited for.
 */
export async function followScan(
  client: Client,
  id: string,
  stop: AbortSignal,
  look: Look = () => undefined,
): Promise<ScanResult | undefined> {
  const view = progressView(process.stderr);
  const over = new AbortController();
  const ended = AbortSignal.any([stop, over.signal]);
  const result = resultOf(client, id, ended);
  const show = async (progress: ScanProgress): Promise<void> => {
    view.show(progress);
    await look(progress);
  };
  const showing = showUntil(client, id, show, ended);
  const stopped = new Promise<undefined>((resolve) => {
    if (stop.aborted) resolve(undefined); // nobody would hear of it any more
    stop.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  try {
    return await Promise.race([result, stopped, showing.then(() => stopped)]);
  } catch (error) {
    throw fromWorkflowFailure(error, id);
  } finally {
    over.abort();
    if (!stop.aborted) await showing.catch(() => undefined); // what it threw has been told
    // the last state is what should stand there; whoever has enough does not wait for it
    if (!stop.aborted) await liveProgress(client, id).then(view.show, () => undefined);
    view.end();
  }
}

/** `temporal workflow reset` terminates a scan's run, and the scan goes on in another one. */
async function resultOf(client: Client, id: string, signal: AbortSignal): Promise<ScanResult> {
  const handle = client.workflow.getHandle<ScanWorkflow>(id);
  for (;;) {
    try {
      return await whenThere(() => handle.result(), signal, sayAway);
    } catch (error) {
      const isOver = !(error instanceof WorkflowFailedError && error.cause instanceof TerminatedFailure);
      if (isOver || (await handle.describe()).status.name !== 'RUNNING') throw error;
    }
  }
}

function sayAway(): void {
  process.stderr.write('\nthe Temporal server does not answer; the scan goes on, and is shown when it does again\n');
}

async function showUntil(
  client: Client,
  id: string,
  show: (progress: ScanProgress) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // where no worker answers at the moment, the last picture stands
    const progress = await liveProgress(client, id).catch(() => undefined);
    if (progress !== undefined) await show(progress);
    await delay(refreshMs, undefined, { signal }).catch(() => undefined);
  }
}
