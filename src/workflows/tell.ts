import { getExternalWorkflowHandle, isCancellation, log } from '@temporalio/workflow';

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
