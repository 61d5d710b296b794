import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { StandView } from '../../workflows/messages.js';
import { messages, standWorkflowId } from '../../workflows/names.js';

/** Longer than a workflow worker needs that replays a long history. */
const patienceMs = 10_000;

/** Lease, queue and history of a stand; a stand that no scan has asked for yet is free. */
export async function standView(client: Client, stand: string): Promise<StandView> {
  const handle = client.workflow.getHandle(standWorkflowId(stand));
  try {
    const { status } = await handle.describe();
    if (status.name !== 'RUNNING') return unused(stand);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return unused(stand);
    throw error;
  }
  try {
    return await client.withDeadline(Date.now() + patienceMs, () => handle.query<StandView>(messages.stand));
  } catch (cause) {
    const text = `nobody answers for the stand ${stand} (its workflow runs, but no worker does)`;
    throw new DatenraffinerieError('ServerError', text, {
      remedy: "start one with 'datenraffinerie up' or 'datenraffinerie worker workflow'",
      cause,
    });
  }
}

function unused(stand: string): StandView {
  return { stand, lease: null, queue: [], history: [] };
}
