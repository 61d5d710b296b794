import { expect, test } from 'vitest';
import type { BenchLeaseInput, TestStandInput } from '../../src/workflows/messages.js';
import type { WellCounts } from '../../src/workflows/well/well-state.js';
import { readHistory, savedHistories, workflowTypeOf, type SavedHistory } from '../support/temporal/saved-histories.js';

/**
 * What the histories of a release must have in them: the ways that its workflows can take. One that is lost would not
 * be missed by the test that replays them.
 */
const release = '2.0.0';

/** Kinds of events by type of workflow. */
const needed: Readonly<Record<string, readonly string[]>> = {
  valveYard: [
    ...['ACTIVITY_TASK_COMPLETED', 'ACTIVITY_TASK_FAILED', 'ACTIVITY_TASK_TIMED_OUT'],
    ...['CHILD_WORKFLOW_EXECUTION_CANCELED', 'CHILD_WORKFLOW_EXECUTION_COMPLETED', 'CHILD_WORKFLOW_EXECUTION_FAILED'],
    ...['CHILD_WORKFLOW_EXECUTION_TERMINATED', 'EXTERNAL_WORKFLOW_EXECUTION_CANCEL_REQUESTED'],
    ...['EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED'],
    ...['REQUEST_CANCEL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED', 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
    ...['WORKFLOW_EXECUTION_CANCELED', 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_EXECUTION_COMPLETED'],
    ...['WORKFLOW_EXECUTION_FAILED', 'WORKFLOW_EXECUTION_SIGNALED'],
    ...['WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'],
  ],
  well: [
    ...['ACTIVITY_TASK_CANCEL_REQUESTED', 'ACTIVITY_TASK_COMPLETED', 'ACTIVITY_TASK_FAILED', 'ACTIVITY_TASK_TIMED_OUT'],
    ...['EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED'],
    ...['TIMER_CANCELED', 'TIMER_FIRED', 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
    ...['WORKFLOW_EXECUTION_CANCELED', 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_EXECUTION_COMPLETED'],
    ...['WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'WORKFLOW_EXECUTION_FAILED', 'WORKFLOW_EXECUTION_SIGNALED'],
    'WORKFLOW_EXECUTION_TERMINATED',
  ],
  distillery: [
    ...['ACTIVITY_TASK_CANCELED', 'ACTIVITY_TASK_CANCEL_REQUESTED', 'ACTIVITY_TASK_COMPLETED'],
    ...['EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'TIMER_CANCELED', 'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES'],
    ...['WORKFLOW_EXECUTION_CANCELED', 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_EXECUTION_COMPLETED'],
    'WORKFLOW_EXECUTION_SIGNALED',
  ],
  testStand: [
    ...['ACTIVITY_TASK_CANCELED', 'ACTIVITY_TASK_CANCEL_REQUESTED', 'ACTIVITY_TASK_COMPLETED'],
    ...['EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_FAILED'],
    ...['WORKFLOW_EXECUTION_CANCELED', 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_EXECUTION_CONTINUED_AS_NEW'],
    ...['WORKFLOW_EXECUTION_SIGNALED', 'WORKFLOW_EXECUTION_UPDATE_ACCEPTED', 'WORKFLOW_EXECUTION_UPDATE_COMPLETED'],
  ],
  benchLease: [
    ...['ACTIVITY_TASK_COMPLETED', 'EXTERNAL_WORKFLOW_EXECUTION_SIGNALED', 'TIMER_CANCELED'],
    ...['WORKFLOW_EXECUTION_CANCELED', 'WORKFLOW_EXECUTION_CANCEL_REQUESTED', 'WORKFLOW_EXECUTION_COMPLETED'],
    ...['WORKFLOW_EXECUTION_CONTINUED_AS_NEW', 'WORKFLOW_EXECUTION_SIGNALED'],
  ],
};

/** Attributes of events, of those that are looked at here. */
interface Attributes {
  readonly workflowExecutionStartedEventAttributes?: {
    readonly originalExecutionRunId: string;
    readonly continuedExecutionRunId?: string;
    readonly input?: { readonly payloads: readonly { readonly data: string }[] };
  };
  readonly workflowExecutionContinuedAsNewEventAttributes?: { readonly newExecutionRunId: string };
  readonly workflowExecutionSignaledEventAttributes?: { readonly signalName: string };
  readonly signalExternalWorkflowExecutionInitiatedEventAttributes?: { readonly signalName: string };
  readonly activityTaskFailedEventAttributes?: { readonly failure: Failure };
  readonly activityTaskStartedEventAttributes?: { readonly lastFailure?: Failure };
}

interface Failure {
  readonly applicationFailureInfo?: { readonly type: string };
}

const names = savedHistories.filter((name) => name.startsWith(`${release}/`));
const histories = names.map((name) => ({ type: workflowTypeOf(name), ...readHistory(name) }));
const of = (type: string) => histories.filter((each) => each.type === type);
const eventsOf = ({ history }: SavedHistory) => history.events as readonly Attributes[];

/** The arguments of all runs of a type that were continued from another. */
function continuedWith(type: string): unknown[][] {
  return of(type).flatMap((each) => {
    const started = eventsOf(each)[0].workflowExecutionStartedEventAttributes;
    if ((started?.continuedExecutionRunId ?? '') === '') return [];
    return [(started?.input?.payloads ?? []).map(({ data }): unknown => JSON.parse(atob(data)))];
  });
}

test('none has been removed', () => {
  expect(names.length).toBeGreaterThanOrEqual(113);
});

test.each(Object.entries(needed))('histories of %s have every kind of event that matters', (type, kinds) => {
  const found = new Set(of(type).flatMap(({ history }) => history.events.map(({ eventType }) => eventType)));
  expect(kinds.filter((kind) => !found.has(`EVENT_TYPE_${kind}`))).toEqual([]);
});

test('a run that continued as new is there with the run that it continued in', () => {
  const runs = new Set(
    histories.map((each) => eventsOf(each)[0].workflowExecutionStartedEventAttributes?.originalExecutionRunId),
  );
  const next = histories.flatMap((each) =>
    eventsOf(each).flatMap(({ workflowExecutionContinuedAsNewEventAttributes: end }) => end?.newExecutionRunId ?? []),
  );
  expect(next.length).toBeGreaterThan(0);
  expect(next.filter((run) => !runs.has(run))).toEqual([]);
});

test('Wells go on in a new run with the stand, paused, and asked to lend it', () => {
  const counts = continuedWith('well').map(([, second]) => second as WellCounts);
  expect(counts.some(({ leased, paused, yielding }) => leased && paused === null && !yielding)).toBe(true);
  expect(counts.some(({ leased, paused }) => leased && paused?.release === true)).toBe(true);
  expect(counts.some(({ leased, yielding }) => leased && yielding)).toBe(true);
});

test('a stand goes on in a new run with a lease and a queue, a lease of the bench granted', () => {
  const stands = continuedWith('testStand').map(([first]) => first as TestStandInput & { readonly lease?: unknown });
  const queues = stands.filter(({ lease }) => lease !== undefined).map(({ state }) => state?.queue ?? []);
  expect(queues.map((queue) => queue.map(({ held }) => held))).toContainEqual([false, true]);
  const leases = continuedWith('benchLease').map(([first]) => first as BenchLeaseInput);
  expect(leases.map(({ state }) => state?.granted)).toContain(true);
});

test("a Well waits for its stand's lock, and loses attempts of a worker that died", () => {
  const events = of('well').flatMap(eventsOf);
  const failed = events.map((each) => each.activityTaskFailedEventAttributes?.failure.applicationFailureInfo?.type);
  expect(failed).toContain('BusyError');
  expect(failed).toContain('WorkerDied');
  const again = events.map(
    (each) => each.activityTaskStartedEventAttributes?.lastFailure?.applicationFailureInfo?.type,
  );
  expect(again).toContain('WorkerDied');
});

test('a stand asks a Well to lend it, and the Well hears of it', () => {
  const asked = of('testStand').flatMap(eventsOf);
  const signals = asked.map((each) => each.signalExternalWorkflowExecutionInitiatedEventAttributes?.signalName);
  expect(signals).toContain('yieldLease');
  const heard = of('well').flatMap(eventsOf);
  expect(heard.map((each) => each.workflowExecutionSignaledEventAttributes?.signalName)).toContain('yieldLease');
});
