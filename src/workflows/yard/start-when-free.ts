import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { condition, getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import { waits } from '../../domain/scan/notes.js';
import { childId } from './hand-on.js';
import { show } from './show.js';
import type { Yard, YardEntry } from './yard.js';

const longestPause = 30;

/**
 * Starts a child. Where one runs under its id, it is left over from before the scan was reset, or from an earlier scan of
 * the same id, and nobody waits for it: it is cancelled, which costs the runs in hand, and its end is waited for.
 */
export async function startWhenFree<T>(yard: Yard, entry: YardEntry, start: () => Promise<T>): Promise<T> {
  const { waiting: _, waitingFor: __, ...before } = entry.progress;
  for (let seconds = 1; ; seconds = Math.min(2 * seconds, longestPause)) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError) || !yard.newer || yard.aborted !== null) throw error;
    }
    const text = `the end of ${childId(entry)}, which was begun before`;
    entry.progress = { ...before, ...waits({ kind: 'other', text, since: new Date().toISOString() }) };
    show(yard);
    await cancelLeftOver(childId(entry));
    await condition(() => yard.aborted !== null, 1000 * seconds);
    entry.progress = before;
  }
}

async function cancelLeftOver(id: string): Promise<void> {
  try {
    await getExternalWorkflowHandle(id).cancel();
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('what was left over has just ended', { id, error });
  }
}
