import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from '@temporalio/worker';
import { describe, expect, test } from 'vitest';
import { workflowBundle } from '../support/temporal/fake-scan.js';

/**
 * Histories of workflows that earlier versions have run. Today's code must make the same decisions: a scan that is
 * running during an upgrade is replayed just so. A change that breaks them needs `patched()` or a new name.
 */
const folder = fileURLToPath(new URL('.', import.meta.url));
const saved = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));

interface SavedHistory {
  readonly workflowId: string;
  readonly history: { events: { workflowExecutionStartedEventAttributes?: { input?: unknown } }[] };
}

function read(name: string): SavedHistory {
  return JSON.parse(readFileSync(join(folder, name), 'utf8')) as SavedHistory;
}

describe('saved histories', () => {
  test('are there for every workflow', () => {
    const types = new Set(saved.map((name) => /([a-zA-Z]+)-[^/]*$/.exec(name)?.[1]));
    expect([...types].sort()).toEqual(['benchLease', 'distillery', 'testStand', 'valveYard', 'well']);
  });

  test.each(saved)('%s', async (name) => {
    const { workflowId, history } = read(name);
    await Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, workflowId);
  });

  test('would show a change: another activity than the one in the history is not accepted', async () => {
    const well = saved.find((name) => name.includes('well-')) ?? '';
    const text = readFileSync(join(folder, well), 'utf8').replaceAll('"name":"prepare"', '"name":"another"');
    const { workflowId, history } = JSON.parse(text) as SavedHistory;
    const replay = Worker.runReplayHistory({ workflowBundle: await workflowBundle() }, history, workflowId);
    await expect(replay).rejects.toThrow();
  });
});
