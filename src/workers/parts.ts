import type { Client, Connection } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';

/** What workers are given besides their setting. */
export interface WorkerParts {
  /** For what an activity must ask or tell the server. */
  readonly client: Client;
  /** What the client is connected by. */
  readonly connection: Connection;
  readonly log: (text: string) => void;
}

/** A role's worker, ready to be created. */
export interface RoleWorker {
  readonly options: WorkerOptions;
  /** Lets go of what its activities hold, when the worker has stopped. */
  readonly close: () => Promise<void>;
}

/** For roles that hold nothing. */
export async function nothingToClose(): Promise<void> {
  // threads, sockets, locks: none
}
