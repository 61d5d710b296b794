import type { Command } from 'commander';
import { action, exit, newCommand } from '../command.js';
import { fromWorkflowFailure } from '../failure.js';
import { scanId, withClient } from './scans.js';
import { type Client, WorkflowUpdateFailedError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';

/** A command that sends a signal to a scan; `argument` makes the signal's argument of the options. */
export function signalCommand(
  name: string,
  summary: string,
  argument: (options: Record<string, unknown>) => object,
): Command {
  const send = (given: string | undefined, options: Record<string, unknown>): Promise<number> =>
    withClient(async (client) => {
      const id = await scanId(client, given);
      try {
        await client.workflow.getHandle(id).signal(name, argument(options));
      } catch (error) {
        throw fromWorkflowFailure(error, id);
      }
      process.stderr.write(`${name}: told ${id}\n`);
      return exit.done;
    });
  return newCommand(name, summary).argument('[id]', 'the scan; may be left out where one runs').action(action(send));
}

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
