import { cancellationSignal } from '@temporalio/activity';
import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { LeaseRequest } from '../domain/scan/lease.js';
import { withHeartbeat } from './heartbeat.js';
import { withinRound } from './stopping.js';

/** Names of the stand's workflow: injected, since activities know no workflow code. */
export interface StandNames {
  readonly workflowType: string;
  readonly queue: string;
  readonly requestSignal: string;
  /** A long history must be replayed within it. */
  readonly workflowTaskTimeout: '10 seconds';
  /** What the stand's workflow, where it is started, is told of the release. */
  readonly release: string;
  workflowId(stand: string): string;
}

/** Asking for a stand, and watching who has it. */
export interface StandActivities {
  /** Puts a Well into the stand's queue; starts the stand's workflow where none runs. */
  requestLease(task: { readonly stand: string; readonly request: LeaseRequest }): Promise<void>;
  /** Resolves when the holder's workflow has ended: how it did. A workflow cannot watch another, so this does. */
  watchHolder(task: { readonly holder: string; readonly firstRunId: string }): Promise<string>;
}

export function createStandActivities(client: Client, names: StandNames): StandActivities {
  return {
    requestLease: async ({ stand, request }) => {
      await client.workflow.signalWithStart(names.workflowType, {
        workflowId: names.workflowId(stand),
        taskQueue: names.queue,
        args: [{ stand, release: names.release }],
        signal: names.requestSignal,
        signalArgs: [request],
        workflowTaskTimeout: names.workflowTaskTimeout,
        staticSummary: `stand ${stand}`,
      });
    },
    watchHolder: ({ holder, firstRunId }) =>
      withHeartbeat(
        () => null,
        () => waitForEnd(client, holder, firstRunId),
      ),
  };
}

/**
 * Long-polls the end of a workflow, following it when it continues as new. The client adds a listener to its abort signal
 * with every poll and never takes it off: so every few polls it gets a new one.
 */
async function waitForEnd(client: Client, workflowId: string, firstExecutionRunId: string): Promise<string> {
  const handle = client.workflow.getHandle(workflowId, undefined, { firstExecutionRunId });
  for (;;) {
    const round = new AbortController();
    try {
      await withinRound(round, () => client.withAbortSignal(round.signal, () => handle.result()));
      return 'completed';
    } catch (error) {
      if (cancellationSignal().aborted) throw cancellationSignal().reason;
      if (round.signal.aborted) continue;
      if (error instanceof WorkflowNotFoundError) return 'is unknown';
      const { status } = await handle.describe();
      if (status.name === 'RUNNING') throw error; // the connection broke, not the holder
      return status.name.toLowerCase().replaceAll('_', ' ');
    }
  }
}
