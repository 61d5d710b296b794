import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { Owner } from '../../io/output/owner.js';

/** What is asked of the Temporal server about whoever writes into a folder. */
export interface FolderServer {
  /** Id of the namespace: another one on another server, and on a server whose database was lost. */
  namespaceId(): Promise<string>;
  /** Whether the owner's scan runs; undefined where the server knows none. */
  runs(owner: Owner): Promise<boolean | undefined>;
  /** Of these, the procedures of a scan that has ended whose workflows still run. */
  leftovers(scan: string, procedures: readonly string[]): Promise<readonly string[]>;
}

/** Ids that the workflows of a scan's procedure may have: injected, since activities know no workflow code. */
export type ChildIds = (scan: string, procedure: string) => readonly string[];

export function createFolderServer(client: Client, childIds: ChildIds): FolderServer {
  const isRunning = async (id: string): Promise<boolean> => (await describe(client, id))?.status.name === 'RUNNING';
  return {
    namespaceId: async () => {
      const { namespace } = client.options;
      const { namespaceInfo } = await client.workflowService.describeNamespace({ namespace });
      return namespaceInfo?.id ?? '';
    },
    runs: async ({ workflowId, firstRunId }) => {
      // by its id alone: `temporal workflow reset` ends the first run and goes on with another one of the same chain
      const description = await describe(client, workflowId);
      if (description === undefined) return undefined;
      const first = description.raw.workflowExecutionInfo?.firstRunId ?? '';
      if (first !== '' && first !== firstRunId) return false; // a later scan has this id
      return description.status.name === 'RUNNING';
    },
    leftovers: async (scan, procedures) => {
      const running = procedures.map(async (name) =>
        (await Promise.all(childIds(scan, name).map(isRunning))).some(Boolean),
      );
      const left = await Promise.all(running);
      return procedures.filter((_, i) => left[i]);
    },
  };
}

async function describe(client: Client, id: string) {
  try {
    return await client.workflow.getHandle(id).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
