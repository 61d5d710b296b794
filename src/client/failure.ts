import { ApplicationFailure, CancelledFailure, TerminatedFailure } from '@temporalio/common';
import { WorkflowExecutionAlreadyStartedError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import { DatenraffinerieError, type ErrorType } from '../domain/errors.js';
import { fromServerFailure } from './server-away.js';

/** Failure types of workflows and activities that are wrong input, whoever found it: exit code 2. */
const usageTypes = new Set(['ConfigError']);

/** What people should read of a workflow that failed: the innermost failure, which is ours. */
export function fromWorkflowFailure(error: unknown, id: string): unknown {
  if (error instanceof WorkflowNotFoundError && error.message.includes('already completed')) {
    return new DatenraffinerieError('ConfigError', `the scan '${id}' has ended already`, {
      remedy: `'datenraffinerie status ${id}' shows how`,
    });
  }
  if (error instanceof WorkflowNotFoundError) {
    return new DatenraffinerieError('ConfigError', `there is no scan '${id}'`, {
      remedy: "'datenraffinerie list' shows all",
    });
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError) {
    return new DatenraffinerieError('ConfigError', `a scan '${id}' is running already`);
  }
  if (!(error instanceof WorkflowFailedError)) return fromServerFailure(error);
  const inner = innermost(error.cause);
  if (inner instanceof CancelledFailure)
    return new DatenraffinerieError('ServerError', `the scan '${id}' was cancelled`);
  if (inner instanceof TerminatedFailure)
    return new DatenraffinerieError('ServerError', `the scan '${id}' was terminated`);
  const type: ErrorType =
    inner instanceof ApplicationFailure && usageTypes.has(inner.type ?? '') ? 'ConfigError' : 'ServerError';
  return new DatenraffinerieError(type, inner?.message ?? error.message, { cause: error });
}

/** The failure at the bottom of the chain that still says something: wrapped JavaScript errors repeat it. */
function innermost(error: Error | undefined): Error | undefined {
  let here = error;
  while (here !== undefined && !(here instanceof ApplicationFailure) && here.cause instanceof Error) here = here.cause;
  return here;
}
