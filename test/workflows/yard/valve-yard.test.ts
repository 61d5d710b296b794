import type { ReusableVMWorkflowCreator } from '@temporalio/worker/lib/workflow/reusable-vm.js';
import { beforeAll, describe, expect, test } from 'vitest';
import type { OpenedProcedure, WellTask } from '../../../src/domain/scan/tasks.js';
import type { ScanResult } from '../../../src/workflows/messages.js';
import type { ToldProgress } from '../../../src/workflows/progress.js';
import { loadWorkflows } from '../../support/driver/bundle.js';
import type { WorkflowEnd } from '../../support/driver/jobs.js';
import { StubScan } from '../../support/driver/stub-scan.js';
import { analysisProcedure, daqProcedure } from '../../support/temporal/fake-scan.js';

let workflows: ReusableVMWorkflowCreator;
beforeAll(async () => {
  workflows = await loadWorkflows();
});

const measured: WorkflowEnd = {
  state: 'completed',
  result: { state: 'done', output: '/nowhere/a.h5', sha256: 'a', quarantined: 0 },
};
const analysed: WorkflowEnd = {
  state: 'completed',
  result: { output: '/nowhere/x', calibration: null, accepted: true, reason: '' },
};
const asks: Partial<ToldProgress> = {
  ...{ state: 'asking', waitingFor: 'an answer to x' },
  waiting: { kind: 'answer', text: 'an answer to x', since: '2026-01-01T00:00:00Z' },
};

async function begin(procedures: readonly OpenedProcedure[], input = {}): Promise<StubScan> {
  const scan = new StubScan(workflows, procedures);
  await scan.begin(input);
  return scan;
}

const heard = (scan: StubScan, id: string) => scan.child(id).heard?.map(({ name }) => name);
const resultOf = ({ workflow: { end } }: StubScan) => (end?.state === 'completed' ? (end.result as ScanResult) : end);

describe('a child that is cancelled by itself', () => {
  test('is aborted with what depends on it; the rest goes on, and the scan ends', async () => {
    const scan = await begin([daqProcedure('a'), analysisProcedure('x', ['a']), daqProcedure('b')]);
    await scan.end('daq/a', { state: 'cancelled' });
    const { procedures } = await scan.progress();
    expect(procedures.map(({ state }) => state)).toEqual(['aborted', 'aborted', 'waiting']);
    expect(procedures[1].reasons).toEqual(['needs a: its workflow was cancelled']);
    await scan.end('daq/b', measured);
    expect(resultOf(scan)).toMatchObject({ state: 'aborted' });
    expect(await scan.states()).toEqual(['aborted', 'aborted', 'done']);
  });
});

describe('a scan that is cancelled', () => {
  test.each(['pause', 'resume', 'abort'])('takes %s and waits for its children all the same', async (name) => {
    const scan = await begin([daqProcedure('a')]);
    scan.world.cancel('s');
    await scan.signal(name);
    expect(await scan.update(name)).toBe('is being cancelled already');
    expect((await scan.progress()).phase).toBe('aborting');
    expect(scan.workflow.end).toBeUndefined();
    await scan.end('daq/a', { state: 'cancelled' });
    expect(scan.workflow.end?.state).toBe('cancelled');
  });
});

test('only children that run are told what people want', async () => {
  const scan = await begin([daqProcedure('a'), daqProcedure('b'), analysisProcedure('x', ['a'])]);
  await scan.signal('abort', { process: false });
  const sent = scan.commands.flatMap(({ signalExternalWorkflowExecution: send }) => send?.workflowExecution ?? []);
  expect(sent.map(({ workflowId }) => workflowId)).toEqual(['s/daq/a']);
});

test('a child that is being started hears what was wanted before, once, and in its order', async () => {
  const scan = new StubScan(workflows, [daqProcedure('a')]);
  const begun = await scan.beginUntil(({ startings }) => startings.length > 0);
  begun.signal('s', 'pause', { release: true });
  begun.signal('s', 'abort');
  await scan.settle();
  expect(scan.child('daq/a').heard).toEqual([
    { name: 'pause', parameters: [{ release: true }] },
    { name: 'abort', parameters: [{}] },
  ]);
});

test('a pause that is still on its way is not overtaken by the resume', async () => {
  const scan = await begin([daqProcedure('a')]);
  scan.world.signal('s', 'pause');
  scan.world.signal('s', 'resume');
  await scan.world.task(scan.workflow, [...scan.workflow.inbox]);
  expect(scan.world.sendings.map(({ name }) => name)).toEqual(['pause']);
  await scan.settle();
  expect(heard(scan, 'daq/a')).toEqual(['pause', 'resume']);
});

describe('what is told by a child', () => {
  test('is dropped where something later is known', async () => {
    const scan = await begin([daqProcedure('a')]);
    await scan.tell('a', { state: 'paused', number: 2 });
    await scan.tell('a', { state: 'acquiring', number: 1 });
    expect(await scan.states()).toEqual(['paused']);
    await scan.tell('a', { state: 'acquiring', number: 3 });
    expect(await scan.states()).toEqual(['acquiring']);
  });

  test('gives the stand to the next procedure with its progress', async () => {
    const scan = await begin([daqProcedure('a'), daqProcedure('b')]);
    expect(() => scan.child('daq/b')).toThrow('not started');
    await scan.tell('a', { state: 'processing', standFree: true });
    expect(scan.child('daq/b').end).toBeUndefined();
  });

  test.each([null, 7, {}, [], { name: 'a' }, { name: 'a', type: 'daq', state: 'flying', reasons: [] }])(
    '%j is no progress',
    async (told) => {
      const scan = await begin([daqProcedure('a')]);
      await scan.signal('procedureProgress', told);
      expect(await scan.states()).toEqual(['waiting']);
    },
  );
});

describe('updates answer what becomes of them', () => {
  test('of a scan that measures', async () => {
    const scan = await begin([daqProcedure('a', { runs: 40 })]);
    await scan.tell('a', { state: 'acquiring', acquired: 16, runs: 40 });
    expect(await scan.update('pause')).toBe('paused; run 17 of 40 of a, or a later one, is finished first');
    expect(await scan.update('pause', {})).toBe('is paused already');
    expect(await scan.update('resume')).toBe('goes on');
    expect(await scan.update('resume')).toBe('is not paused');
    expect(await scan.update('abort', { process: false })).toBe('is being aborted; what was measured is not processed');
    expect(await scan.update('abort')).toBe('is being aborted already');
    expect(heard(scan, 'daq/a')).toEqual(['pause', 'resume', 'resume', 'abort']);
  });

  test.each([
    ['pause', 'now'],
    ['pause', { release: 'yes' }],
    ['abort', []],
    ['answer', null],
    ['answer', { verdict: 'perhaps' }],
  ])('%s %j is refused, and as a signal ignored', async (name, input) => {
    const scan = await begin([daqProcedure('a')]);
    expect(await scan.update(name, input)).toBeInstanceOf(Error);
    if (name !== 'answer') await scan.signal(name, input);
    expect(heard(scan, 'daq/a')).toEqual([]);
  });

  test('a second answer is refused, and says what was answered', async () => {
    const scan = await begin([analysisProcedure('x', [])]);
    await scan.tell('x', asks);
    expect(await scan.update('answer', { verdict: 'accept' })).toBe('x');
    const second = await scan.update('answer', { verdict: 'reject' });
    expect(String(second)).toContain('the calibration of x was answered already: accept');
    expect(heard(scan, 'analysis/x')).toEqual(['answer']);
  });
});

test('a second answer is refused also where both come in one task', async () => {
  const scan = await begin([analysisProcedure('x', [])]);
  await scan.tell('x', asks);
  scan.world.update('s', 'answer', { verdict: 'accept' });
  expect(String(await scan.update('answer', { verdict: 'reject' }))).toContain('answered already');
});

test('a child whose id is taken, by what is left over from before a reset, begins when that has ended', async () => {
  const scan = new StubScan(workflows, [daqProcedure('a')]);
  scan.world.stubs.set('s/daq/a', { signals: [] });
  await scan.begin();
  await scan.settle();
  expect(scan.world.stubs.has('s/daq/a')).toBe(false); // it was cancelled
  await scan.end('daq/a', measured);
  expect(resultOf(scan)).toMatchObject({ state: 'done' });
});

test('a cancellation comes too late once the scan closes: its folder is given free once', async () => {
  const scan = new StubScan(workflows, [analysisProcedure('x', [])]);
  await scan.begin();
  scan.world.close(scan.child('analysis/x'), analysed);
  await scan.settleUntil(({ activities }) => activities.some(({ type }) => type === 'closeScan'));
  scan.world.cancel('s');
  await scan.settle();
  expect(scan.commands.filter(({ scheduleActivity: work }) => work?.activityType === 'closeScan')).toHaveLength(1);
  expect(resultOf(scan)).toMatchObject({ state: 'done' });
});

test('one that was begun under 2.0.0 makes the commands of that', async () => {
  const older = await loadWorkflows([{ code: /patched\)\([^)]*release\)/, instead: "patched)('2.1') && false" }]);
  const scan = new StubScan(older, [daqProcedure('a', { runs: 40 }), daqProcedure('b')]);
  await scan.begin();
  const [task] = scan.child('daq/a').run.start.args as WellTask[];
  expect([task.release, task.progressSteps]).toEqual([undefined, 300]);
  await scan.tell('a', { state: 'acquiring' });
  await scan.signal('pause');
  const sent = scan.commands.flatMap(({ signalExternalWorkflowExecution: send }) => send?.workflowExecution ?? []);
  expect(sent.map(({ workflowId }) => workflowId)).toEqual(['s/daq/a', 's/daq/b']);
  expect(await scan.update('pause')).toBeInstanceOf(Error);
  expect(scan.phases()).toEqual(['opening', 'running']);
});

test('DrfPhase follows the scan', async () => {
  const scan = await begin([daqProcedure('a'), analysisProcedure('x', ['a'])]);
  await scan.tell('a', { state: 'acquiring' });
  await scan.signal('pause');
  await scan.signal('resume');
  await scan.end('daq/a', measured);
  await scan.tell('x', asks);
  await scan.signal('abort');
  await scan.end('analysis/x', analysed);
  const shown = ['opening', 'running', 'acquiring', 'paused', 'acquiring', 'running', 'asking', 'aborting'];
  expect(scan.phases()).toEqual([...shown, 'closing', 'aborted']);
});

test('priority reaches the children', async () => {
  const scan = await begin([daqProcedure('a')], { priority: 1 });
  const started = scan.commands.flatMap(({ startChildWorkflowExecution: start }) => start ?? []);
  expect(started.map(({ priority }) => priority?.priorityKey)).toEqual([1]);
});

test('a scan of 500 procedures stays below 10,000 events', { timeout: 120_000 }, async () => {
  const procedures = Array.from({ length: 500 }, (_, i) =>
    i % 2 === 0 ? daqProcedure(`p${i}`) : analysisProcedure(`p${i}`, [`p${i - 1}`]),
  );
  const scan = await begin(procedures);
  for (const { name, type } of procedures) {
    if (type === 'daq') {
      const [task] = scan.child(`daq/${name}`).run.start.args as WellTask[];
      expect([task.progressSteps, task.release]).toEqual([0, '2.1']);
      await scan.tell(name, { state: 'acquiring' });
      await scan.tell(name, { state: 'processing', standFree: true });
      await scan.end(`daq/${name}`, measured);
    } else {
      await scan.tell(name, { state: 'analysing' });
      await scan.end(`analysis/${name}`, analysed);
    }
  }
  expect(resultOf(scan)).toMatchObject({ state: 'done' });
  expect(scan.workflow.events).toBeLessThan(10_000);
  expect(scan.workflow.events).toBeLessThan(60 + 17 * procedures.length);
  expect(scan.phases()).toEqual(['opening', 'running', 'closing', 'done']);
  await scan.workflow.run.replay();
});
