import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import type { ScanWorkflow } from '../../workflows/messages.js';
import { scanWorkflow, workflowQueue, workflowTaskTimeout } from '../../workflows/names.js';
import { fromWorkflowFailure } from '../failure.js';
import { runningInput } from './scans.js';

/** `scan-20261124T061500Z-1f3a`. */
export function newId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `scan-${time}-${randomBytes(2).toString('hex')}`;
}

/** Starts a scan; one that runs under this id with the same input is attached to, with another one refused. */
export async function startOrAttach(client: Client, id: string, input: ScanInput): Promise<void> {
  while (!(await isStarted(client, id, input))) {
    // the scan that had this id has just ended
  }
}

/** What people see of a scan in lists of Temporal's own. */
function memoOf({ operator, comment, board }: ScanInput): Record<string, string> {
  const known = Object.entries({ operator, comment, board }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known) as Record<string, string>;
}

/** @returns false where it must be tried again @throws ConfigError where one runs with another input */
async function isStarted(client: Client, id: string, input: ScanInput): Promise<boolean> {
  try {
    await client.workflow.start<ScanWorkflow>(scanWorkflow, {
      workflowId: id,
      taskQueue: workflowQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout,
      memo: memoOf(input),
      ...(input.priority === undefined ? {} : { priority: { priorityKey: input.priority } }),
      staticSummary: `${input.procedures.join(', ')} into ${input.output}`.slice(0, 200),
    });
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw fromWorkflowFailure(error, id);
    const running = await runningInput(client, id);
    if (running === undefined) return false;
    if (isDeepStrictEqual(running, input)) {
      process.stderr.write(`scan ${id} is running already: attached\n`);
      return true;
    }
    throw new DatenraffinerieError('ConfigError', `a scan '${id}' is running with another input`, {
      remedy: 'choose another --id, or abort that scan first',
    });
  }
}
