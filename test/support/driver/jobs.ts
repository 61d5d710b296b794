import {
  ApplicationFailure,
  CancelledFailure,
  defaultFailureConverter,
  defaultPayloadConverter,
  type Payload,
} from '@temporalio/common';
import type { coresdk, temporal } from '@temporalio/proto';

/** What a workflow task brings to a workflow, and what it answers. */
export type Job = coresdk.workflow_activation.IWorkflowActivationJob;
export type Command = coresdk.workflow_commands.IWorkflowCommand;

type Failure = temporal.api.failure.v1.IFailure;

export function encode(values: readonly unknown[]): Payload[] {
  return values.map((value) => defaultPayloadConverter.toPayload(value));
}

export function decode(payloads: readonly Payload[] | null | undefined): unknown[] {
  return (payloads ?? []).map((payload) => defaultPayloadConverter.fromPayload(payload));
}

export function encodeFailure(error: unknown): Failure {
  return defaultFailureConverter.errorToFailure(error, defaultPayloadConverter);
}

export function decodeFailure(failure: Failure | null | undefined): Error {
  return defaultFailureConverter.failureToError(failure ?? {}, defaultPayloadConverter);
}

export function signalJob(signalName: string, parameters: readonly unknown[]): Job {
  return { signalWorkflow: { signalName, input: encode(parameters), identity: 'test' } };
}

/** How an activity ended, once all its tries are over. */
export interface ActivityEnd {
  readonly label: string;
  readonly result?: unknown;
  readonly failure?: Error;
  /** What it has done outside the workflow. */
  readonly effect?: () => void;
}

export function activityJob(seq: number, { type, id }: { type: string; id: string }, end: ActivityEnd): Job {
  const { failure } = end;
  if (failure === undefined) {
    const [result] = encode([end.result]);
    return { resolveActivity: { seq, result: { completed: { result } } } };
  }
  if (failure instanceof CancelledFailure)
    return { resolveActivity: { seq, result: { cancelled: { failure: encodeFailure(failure) } } } };
  const activityFailureInfo = { activityType: { name: type }, activityId: id, identity: 'test' };
  const wrapped = { message: 'Activity task failed', activityFailureInfo, cause: encodeFailure(failure) };
  return { resolveActivity: { seq, result: { failed: { failure: wrapped } } } };
}

/** How a workflow ended. */
export type WorkflowEnd =
  | { readonly state: 'completed'; readonly result: unknown }
  | { readonly state: 'failed'; readonly error: Error }
  | { readonly state: 'cancelled' | 'terminated' };

/** How a parent hears of its child's end. */
export function childEndJob(seq: number, child: { readonly id: string; readonly type: string }, end: WorkflowEnd): Job {
  if (end.state === 'completed') {
    const [result] = encode([end.result]);
    return { resolveChildWorkflowExecution: { seq, result: { completed: { result } } } };
  }
  const why = end.state === 'failed' ? end.error : new CancelledFailure('cancelled');
  const cause = end.state === 'terminated' ? { message: 'terminated', terminatedFailureInfo: {} } : encodeFailure(why);
  const childWorkflowExecutionFailureInfo = {
    workflowExecution: { workflowId: child.id, runId: child.id },
    workflowType: { name: child.type },
  };
  const failure = { message: 'Child Workflow execution failed', childWorkflowExecutionFailureInfo, cause };
  const ended = end.state === 'cancelled' ? { cancelled: { failure } } : { failed: { failure } };
  return { resolveChildWorkflowExecution: { seq, result: ended } };
}

export function notFound(workflowId: string): Failure {
  return encodeFailure(ApplicationFailure.nonRetryable(`no workflow ${workflowId}`, 'NotFound'));
}

/** Whether a command ends the run of a workflow. */
export function isClosing(command: Command): boolean {
  const { completeWorkflowExecution: done, failWorkflowExecution: failed } = command;
  const { cancelWorkflowExecution: cancelled, continueAsNewWorkflowExecution: again } = command;
  return [done, failed, cancelled, again].some((each) => each != null);
}

/** Events that a job stands for in the history: an activity that ended was started before. */
export function eventsOf(job: Job): number {
  if (job.resolveActivity) return 2;
  if (job.doUpdate) return 2;
  return 1;
}

export function milliseconds(duration: { seconds?: unknown; nanos?: number | null } | null | undefined): number {
  return Number(duration?.seconds ?? 0) * 1000 + Number(duration?.nanos ?? 0) / 1e6;
}
