import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { AnalyseOutcome, DistilleryTask } from '../../../src/domain/scan/tasks.js';
import type { DistilleryResult, ScanProgress } from '../../../src/workflows/messages.js';
import type { ToldProgress } from '../../../src/workflows/progress.js';
import { waitingTime } from '../../../src/workflows/duration.js';
import { loadWorkflows } from '../../support/driver/bundle.js';
import { settle } from '../../support/driver/moves.js';
import { World, type Workflow } from '../../support/driver/world.js';
import { scanContext } from '../../support/driver/yard-activities.js';
import { analysisProcedure } from '../../support/temporal/fake-scan.js';

let workflows: ReusableVMWorkflowCreator;
beforeAll(async () => {
  workflows = await loadWorkflows();
});

const id = 's/analysis/x';
const analysed: AnalyseOutcome = {
  ...{ output: '/nowhere/x', calibration: null, verdict: 'ask', reason: 'odd', timeoutSeconds: 60 },
  ...{ onTimeout: 'reject', reused: false, undeclared: ['extra.csv'] },
} as const;

/** A Distillery up to where its analysis has ended. */
async function begin(change: Partial<AnalyseOutcome> = {}, more: Partial<DistilleryTask> = { release: '2.1' }) {
  const world = new World(workflows);
  world.stubs.set('s', { signals: [] });
  const task = { context: scanContext, procedure: analysisProcedure('x', []), inputs: [], ...more };
  const workflow = await world.start(id, 'distillery', [task]);
  await settle(world, () => []);
  const [activity] = world.activities;
  world.endActivity(activity, { label: 'done', result: { ...analysed, ...change } });
  for (let i = 0; i < 20 && world.timers.length === 0; i++) await settle(world, () => [], 1);
  const told = (): ToldProgress[] =>
    (world.stubs.get('s')?.signals ?? []).map(({ parameters }) => parameters[0] as ToldProgress);
  return { world, workflow, told };
}

const phaseOf = async ({ run }: Workflow) => ((await run.query('progress')) as ScanProgress).phase;

describe('a time-out of an analysis', () => {
  test.each([1e21, Number.NaN, -3, 0, 1e-9, Infinity, '5' as unknown as number, undefined as unknown as number])(
    '%s is waited for',
    async (timeoutSeconds) => {
      const { world, workflow } = await begin({ timeoutSeconds });
      await settle(world, () => []);
      expect(workflow.end).toMatchObject({ state: 'completed', result: { accepted: false } });
    },
  );

  test.each([
    [60, 60_000],
    [0.5, 500],
    [0, 1],
    [-1, 1],
    [1e21, 315_360_000_000],
    [Infinity, 315_360_000_000],
    [Number.NaN, 315_360_000_000],
    [null, 315_360_000_000],
  ])('%s s are %i ms', (seconds, ms) => expect(waitingTime(seconds)).toBe(ms));
});

test('asks, tells in growing numbers, and takes an answer whatever rubbish comes before it', async () => {
  const { world, workflow, told } = await begin();
  expect(await phaseOf(workflow)).toBe('asking');
  for (const rubbish of [null, 'accept', [], { verdict: 'perhaps' }]) world.signal(id, 'answer', rubbish);
  world.signal(id, 'abort', []);
  await world.task(workflow, [...workflow.inbox]);
  expect(await phaseOf(workflow)).toBe('asking');
  world.signal(id, 'answer', { verdict: 'accept' });
  await settle(world, () => []);
  expect(told().map(({ state }) => state)).toEqual(['analysing', 'asking']);
  expect((told()[0].number ?? 0) < (told()[1].number ?? 0)).toBe(true);
  const end = workflow.end?.state === 'completed' ? (workflow.end.result as DistilleryResult) : undefined;
  expect(end).toMatchObject({ accepted: true, progress: { state: 'done', reasons: ['undeclared output extra.csv'] } });
});

test('of a scan of 2.0.0 says what that knows: paused, its end, no numbers', async () => {
  const { world, workflow, told } = await begin({}, {});
  expect(await phaseOf(workflow)).toBe('paused');
  world.signal(id, 'answer', { verdict: 'accept' });
  await settle(world, () => []);
  expect(told().map(({ state, number }) => [state, number])).toEqual([
    ['analysing', undefined],
    ['paused', undefined],
    ['done', undefined],
  ]);
  expect(workflow.end).toEqual({
    state: 'completed',
    result: { output: '/nowhere/x', calibration: null, accepted: true, reason: 'odd (answered: accept)' },
  });
});
