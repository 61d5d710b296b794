import type { Client } from '@temporalio/client';
import { expect, test } from 'vitest';
import { liveProgress } from '../../../src/client/scan/live-progress.js';
import type { ProcedureProgress, ScanProgress } from '../../../src/workflows/messages.js';
import { daqWorkflowId } from '../../../src/workflows/names.js';
import { noProgress } from '../../../src/workflows/progress.js';
import { daqProcedure } from '../../support/temporal/fake-scan.js';

/** What the progress of a scan shows where its procedures know more than it does. */
const begun: ProcedureProgress = { ...noProgress(daqProcedure('pedestals')), state: 'acquiring' };
const scan: ScanProgress = { phase: 'paused', stand: 'local', notes: [], procedures: [begun] };

function clientOf(answers: Record<string, ScanProgress>): Client {
  const getHandle = (id: string) => ({
    query: () =>
      answers[id] === undefined ? Promise.reject(new Error(`no workflow ${id}`)) : Promise.resolve(answers[id]),
    describe: () => Promise.resolve({ raw: { pendingActivities: [] } }),
  });
  const withDeadline = (_: number, ask: () => unknown): unknown => ask();
  return { workflow: { getHandle }, withDeadline } as unknown as Client;
}

const own = daqWorkflowId('scan', 'pedestals');

test('a pause that the scan has not heard of yet is shown with what it waits for', async () => {
  const paused: ProcedureProgress = { ...begun, state: 'paused', acquired: 4 };
  const answer = { ...scan, waitingFor: 'resume', procedures: [paused] };
  const progress = await liveProgress(clientOf({ scan, [own]: answer }), 'scan');
  expect(progress).toEqual({ ...scan, waitingFor: 'resume', procedures: [{ ...paused, waitingFor: 'resume' }] });
});

test('what a procedure no longer waits for is not shown', async () => {
  const waiting = { ...scan, waitingFor: 'resume', procedures: [{ ...begun, waitingFor: 'resume' }] };
  const progress = await liveProgress(clientOf({ scan: waiting, [own]: { ...scan, procedures: [begun] } }), 'scan');
  expect(progress).toEqual(scan);
});

test('a procedure that does not answer is shown as the scan knows it', async () => {
  const waiting = { ...scan, waitingFor: 'resume', procedures: [{ ...begun, waitingFor: 'resume' }] };
  expect(await liveProgress(clientOf({ scan: waiting }), 'scan')).toEqual(waiting);
});
