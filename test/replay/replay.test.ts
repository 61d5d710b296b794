import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, test } from 'vitest';
import { workflowBundle } from '../support/temporal/fake-scan.js';
import {
  historyText,
  readHistory,
  savedHistories,
  workflowTypeOf,
  type SavedHistory,
} from '../support/temporal/saved-histories.js';

/**
 * Histories of workflows that earlier versions have run. Today's code must make the same decisions: a scan that is
 * running during an upgrade is replayed just so. A change that breaks them needs `patched()` or a new name.
 */
async function replay(histories: readonly SavedHistory[]): Promise<(Error | undefined)[]> {
  const errors: (Error | undefined)[] = [];
  const replays = Worker.runReplayHistories({ workflowBundle: await workflowBundle() }, histories);
  for await (const { error } of replays) errors.push(error);
  return errors;
}

describe('saved histories', () => {
  let errors: readonly (Error | undefined)[] = [];

  beforeAll(async () => {
    errors = await replay(savedHistories.map(readHistory));
  });

  test('are there for every workflow', () => {
    const types = new Set(savedHistories.map(workflowTypeOf));
    expect([...types].sort()).toEqual(['benchLease', 'distillery', 'testStand', 'valveYard', 'well']);
    expect(errors).toHaveLength(savedHistories.length);
  });

  test.each(savedHistories.map((name, i) => [name, i] as const))('%s', (_, i) => {
    if (errors[i] !== undefined) throw errors[i];
  });

  test.each([
    ['another activity than the one in the history', 'well', '"workflowType":{"name":"well"}', 'prepare'],
    ['another in a Well that was continued', 'well', '"continuedExecutionRunId"', 'acquire'],
    ['another in a stand that was continued', 'testStand', '"continuedExecutionRunId"', 'watchHolder'],
  ])('would show a change: %s is not accepted', async (_, type, part, activity) => {
    const texts = savedHistories.filter((name) => workflowTypeOf(name) === type).map(historyText);
    const text = texts.find((each) => each.includes(part) && each.includes(`"name":"${activity}"`)) ?? '';
    const changed = JSON.parse(text.replaceAll(`"name":"${activity}"`, '"name":"another"')) as SavedHistory;
    expect(String((await replay([changed]))[0])).toContain("'another'");
  });
});
