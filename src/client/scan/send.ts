import type { Command } from 'commander';
import { action, exit, newCommand } from '../command.js';
import { fromWorkflowFailure } from '../failure.js';
import { soon } from '../server-away.js';
import { scanId, withClient } from './scans.js';
import { type Client, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { DatenraffinerieError } from '../../domain/errors.js';

/** How long a scan may take to answer. */
const answerMs = 5000;

/** A command that wants something of a scan; `argument` makes the message's argument of the options. */
export function signalCommand(
  name: string,
  summary: string,
  argument: (options: Record<string, unknown>) => object,
): Command {
  const send = (given: string | undefined, options: Record<string, unknown>): Promise<number> =>
    withClient(async (client) => {
      const id = await scanId(client, given);
      process.stderr.write(`${name}: ${await want(client, id, name, argument(options))}\n`);
      return exit.done;
    });
  return newCommand(name, summary).argument('[id]', 'the scan; may be left out where one runs').action(action(send));
}

/**
 * Says to a scan what is wanted of it. An update is answered with what becomes of it; where nobody answers it soon (no
 * worker is there, or one of 2.0.0, which knows the signal only), a signal waits until somebody is there.
 */
export async function want(client: Client, id: string, name: string, argument: object): Promise<string> {
  const handle = client.workflow.getHandle(id);
  try {
    const ask = () => handle.executeUpdate<string, [object]>(name, { args: [argument] });
    return `${id} ${await client.withDeadline(Date.now() + answerMs, ask)}`;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw fromWorkflowFailure(error, id);
    if (isRefusal(error)) throw refusal(error);
  }
  try {
    await soon(client, () => handle.signal(name, argument));
  } catch (error) {
    throw fromWorkflowFailure(error, id);
  }
  return `told ${id}`;
}

/** Sends an update to a workflow and waits for its answer; what its validator refuses is a `ConfigError`. */
export async function sendUpdate<T>(client: Client, id: string, name: string, argument: object): Promise<T> {
  try {
    return await soon(client, () =>
      client.workflow.getHandle(id).executeUpdate<T, [object]>(name, { args: [argument] }),
    );
  } catch (error) {
    if (error instanceof WorkflowUpdateFailedError) throw refusal(error);
    throw fromWorkflowFailure(error, id);
  }
}

/** What the scan, or an activity that it asked, found wrong; not that it knows no such update, as one of 2.0.0 does. */
function isRefusal(error: unknown): error is WorkflowUpdateFailedError {
  if (!(error instanceof WorkflowUpdateFailedError)) return false;
  return rootFailure(error)?.type === 'ConfigError';
}

function refusal(error: WorkflowUpdateFailedError): DatenraffinerieError {
  const message = rootFailure(error)?.message ?? error.cause?.message ?? error.message;
  return new DatenraffinerieError('ConfigError', message, { cause: error });
}

function rootFailure(error: Error): ApplicationFailure | undefined {
  for (let here: unknown = error; here instanceof Error; here = here.cause)
    if (here instanceof ApplicationFailure && here.type === 'ConfigError') return here;
  return undefined;
}
