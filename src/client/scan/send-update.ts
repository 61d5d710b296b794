import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { fromWorkflowFailure } from '../failure.js';

/** Sends an update to a workflow and waits for its answer; what its validator refuses is a `ConfigError`. */
export async function sendUpdate<T>(client: Client, id: string, name: string, argument: object): Promise<T> {
  try {
    return await client.workflow.getHandle(id).executeUpdate<T, [object]>(name, { args: [argument] });
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) {
      throw new DatenraffinerieError('ConfigError', error.cause?.message ?? error.message, { cause: error });
    }
    throw fromWorkflowFailure(error, id);
  }
}
