import { setTimeout as delay } from 'node:timers/promises';
import { cancellationSignal, heartbeat } from '@temporalio/activity';
import { afterAll, expect } from 'vitest';
import type { AcquireOutcome, AcquireTask } from '../../../src/domain/scan/tasks.js';
import type { ScanInput } from '../../../src/domain/scan/scan-input.js';
import type { ScanProgress, ScanResult, StandView } from '../../../src/workflows/messages.js';
import { scanWorkflow, standWorkflowId, workflowQueue } from '../../../src/workflows/names.js';
import { acquireOutcome } from './fake-scan.js';
import { saveHistories } from './save-histories.js';
import type { TestServer } from './server.js';

export function scanInput(more: Partial<ScanInput> = {}): ScanInput {
  return { config: '/nowhere/main.yaml', procedures: ['p'], output: '/nowhere/out', ...more };
}

/** Starts scans on a server and asks what they do. */
export function scanClient(server: TestServer) {
  const start = (id: string, scan: ScanInput = scanInput()) =>
    server.client.workflow.start(scanWorkflow, { workflowId: id, taskQueue: workflowQueue, args: [scan] });
  return {
    start,
    execute: (id: string, scan?: ScanInput): Promise<ScanResult> =>
      start(id, scan).then((handle) => handle.result() as Promise<ScanResult>),
    progress: (id: string): Promise<ScanProgress> =>
      server.client.workflow.getHandle(id).query<ScanProgress>('progress'),
    standView: (stand: string): Promise<StandView> =>
      server.client.workflow.getHandle(standWorkflowId(stand)).query<StandView>('stand'),
  };
}

/**
 * `SAVE_HISTORIES=2.0.0 npx vitest run --project end-to-end test/workflows` keeps the histories of the
 * tests' scans, whose ids begin with `s-` and a UUID, for the replay tests. Of a release it is the release's workflow
 * code that runs, today's else.
 */
export function savesHistories(server: TestServer): void {
  const version = process.env['SAVE_HISTORIES'];
  const plain = (id: string): string => id.replaceAll(/s-[0-9a-f]{8}[0-9a-f-]{28}/g, 's');
  afterAll(async () => {
    if (version !== undefined) await saveHistories(server.client, version, plain);
  });
}

/** Looks again until it is so. */
export function poll<T>(look: () => T | Promise<T>, timeout = 20_000) {
  return expect.poll(look, { timeout, interval: 100 });
}

/** In an activity: heartbeats until it is told to end. */
export function untilTold(): Promise<void> {
  const told = cancellationSignal();
  return beatUntil(() => told.aborted);
}

/** In an activity: heartbeats until it is so, whatever it is told. */
export async function beatUntil(over: () => boolean): Promise<void> {
  for (; !over(); await delay(50)) heartbeat();
}

/** Runs until it is told to end, then gives the runs it was asked for up to `reached`. */
export async function acquireUntilTold(task: AcquireTask, reached: number): Promise<AcquireOutcome> {
  await untilTold();
  return acquireOutcome({ end: 'cancelled', next: reached, acquired: reached - task.from });
}
