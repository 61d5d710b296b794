import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';
import type { Notice } from '../domain/scan/notice.js';
import { hook } from './activities.js';

/** Sends a signal to another workflow. @returns false where that does not run (any more): nobody needs to know then */
export async function tell(
  workflowId: string,
  { name }: { readonly name: string },
  ...parameters: unknown[]
): Promise<boolean> {
  try {
    await getExternalWorkflowHandle(workflowId).signal(name, ...parameters);
    return true;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.info('nobody listens', { workflowId, signal: name, error });
    return false;
  }
}

/** Tells people; whatever becomes of it, the scan goes on. */
export async function tellPeople(notice: Notice): Promise<void> {
  try {
    await hook.notify.executeWithOptions({ summary: `tell people: ${notice.event}` }, [notice]);
  } catch (error) {
    log.warn('nobody was told', { event: notice.event, error });
  }
}
