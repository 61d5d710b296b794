import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Client, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { scanWorkflow, workflowQueue } from '../../workflows/names.js';
import { fromWorkflowFailure } from '../failure.js';
import { runningInput } from './scans.js';

/** `scan-20261124T061500Z-1f3a`. */
export function newId(now: Date): string {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  return `scan-${time}-${randomBytes(2).toString('hex')}`;
}

/** Starts a scan; one that runs under this id with the same input is attached to, with another one refused. */
export async function startOrAttach(client: Client, id: string, input: ScanInput): Promise<void> {
  try {
    await client.workflow.start(scanWorkflow, {
      workflowId: id,
      taskQueue: workflowQueue,
      args: [input],
      workflowIdConflictPolicy: 'FAIL',
      workflowTaskTimeout: '5 seconds',
      staticSummary: `${input.procedures.join(', ')} into ${input.output}`.slice(0, 200),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw fromWorkflowFailure(error, id);
    if (isDeepStrictEqual(await runningInput(client, id), input)) {
      process.stderr.write(`scan ${id} is running already: attached\n`);
      return;
    }
    throw new DatenraffinerieError('ConfigError', `a scan '${id}' is running with another input`, {
      remedy: 'choose another --id, or abort that scan first',
    });
  }
}
