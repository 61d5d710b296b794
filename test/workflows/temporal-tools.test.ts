import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cancellationSignal, Context } from '@temporalio/activity';
import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';
import { BenchLease } from '../../src/client/stand/bench-lease.js';
import { standView } from '../../src/client/stand/view.js';
import type { AnalyseOutcome } from '../../src/domain/scan/tasks.js';
import { childIds, messages } from '../../src/workflows/names.js';
import { root } from '../support/disk/folders.js';
import {
  acquireOutcome,
  analysisProcedure,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { beatUntil, poll, scanClient, scanInput } from '../support/temporal/scan-client.js';
import { temporalCli, withServer } from '../support/temporal/server.js';

// The table of docs/operations.md: what becomes of a scan of `a`, the analysis `x` of it, and `b`, which needs neither,
// when Temporal's own tools are used on the scan or on a workflow of one of its procedures.
const server = withServer();
const { start, progress } = scanClient(server);
const run = promisify(execFile);

type Tool = 'cancel' | 'terminate' | 'reset' | 'delete';
type Stage = 'queued' | 'acquiring' | 'paused' | 'merging' | 'analysing' | 'asking';
type Target = 'scan' | 'well' | 'distillery';

/** At which stage the work of a scan goes on until it is let go on or told to end. */
type Hurdles = Map<string, Stage>;

function activitiesOf(hurdles: Hurdles): FakeActivities {
  const procedures = [daqProcedure('a'), analysisProcedure('x', ['a']), daqProcedure('b')];
  const fake = fakeActivities(procedures, '');
  const hold = (scan: string, ...stages: Stage[]): Promise<void> =>
    beatUntil(() => !stages.some((stage) => hurdles.get(scan) === stage) || cancellationSignal().aborted);
  const asks = { verdict: 'ask', calibration: { path: '/x.yaml', sha256: 'x' }, timeoutSeconds: 3600 } as const;
  return {
    ...fake,
    openScan: async (task) => {
      const { context, ...opened } = await fake.openScan(task);
      return { ...opened, context: { ...context, stand: task.input.stand ?? '' } };
    },
    acquire: async (task) => {
      if (task.name === 'a') await hold(task.context.scan, 'acquiring', 'paused');
      if (Context.current().cancellationDetails?.paused === true) throw cancellationSignal().reason; // as the real one
      if (cancellationSignal().aborted) return acquireOutcome({ end: 'cancelled', next: task.from });
      return fake.acquire(task);
    },
    merge: async (task) => {
      if (task.name === 'a') await hold(task.context.scan, 'merging');
      cancellationSignal().throwIfAborted();
      return fake.merge(task);
    },
    analyse: async (task): Promise<AnalyseOutcome> => {
      await hold(task.context.scan, 'analysing');
      cancellationSignal().throwIfAborted();
      return { ...(await fake.analyse(task)), ...(hurdles.get(task.context.scan) === 'asking' ? asks : {}) };
    },
  };
}

const ids: Record<Target, (scan: string) => string> = {
  scan: (scan) => scan,
  well: (scan) => `${scan}/daq/a`,
  distillery: (scan) => `${scan}/analysis/x`,
};

async function temporal(tool: Tool, id: string): Promise<void> {
  const more = { cancel: [], terminate: [], delete: [], reset: ['--type', 'FirstWorkflowTask', '--reason', 'test'] };
  await run(temporalCli(), ['workflow', tool, '--workflow-id', id, ...more[tool], '--address', server.address]);
}

async function statusOf(id: string): Promise<string> {
  try {
    return (await server.client.workflow.getHandle(id).describe()).status.name.toLowerCase();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}

async function stateOf(scan: string, name: 'a' | 'x'): Promise<string | undefined> {
  const { procedures } = await progress(scan).catch(() => ({ procedures: [] }));
  return procedures.find((procedure) => procedure.name === name)?.state;
}

/** Brings a scan to a stage. @returns who keeps the stand from it, if that is the stage */
async function bring(scan: string, stand: string, stage: Stage): Promise<BenchLease | undefined> {
  const lease = stage === 'queued' ? await BenchLease.ask(server.client, stand, { what: 'stand write' }) : undefined;
  await lease?.granted(new AbortController().signal, () => undefined);
  await start(scan, scanInput({ stand }));
  const first = stage === 'paused' ? 'acquiring' : stage;
  await poll(() => stateOf(scan, first === 'analysing' || first === 'asking' ? 'x' : 'a')).toBe(first);
  if (stage !== 'paused') return lease;
  await server.client.workflow.getHandle(scan).signal(messages.pause);
  await poll(() => stateOf(scan, 'a')).toBe('paused');
  return undefined;
}

/** Lets go on whatever still can. */
async function letGo(scan: string, hurdles: Hurdles, lease: BenchLease | undefined): Promise<void> {
  hurdles.delete(scan);
  await lease?.end();
  const ended = async (): Promise<boolean> => {
    const handle = server.client.workflow.getHandle(scan);
    await handle.signal(messages.resume).catch(() => undefined);
    const answer = { verdict: 'accept', procedure: 'x' };
    await handle.executeUpdate(messages.answer, { args: [answer] }).catch(() => undefined);
    return (await statusOf(scan)) !== 'running';
  };
  await poll(ended, 60_000).toBe(true);
}

/** How it ended: `completed: a done, x done, b done`. */
async function outcomeOf(scan: string): Promise<string> {
  const { procedures } = await progress(scan).catch(() => ({ procedures: [] }));
  const states = procedures.map(({ name, state }) => `${name} ${state}`);
  return [await statusOf(scan), ...(states.length > 0 ? [states.join(', ')] : [])].join(': ');
}

async function play(stand: string, hurdles: Hurdles, [tool, target, stage]: Cell): Promise<string> {
  const scan = `${tool}-${target}-${stage}-${randomUUID().slice(0, 8)}`;
  hurdles.set(scan, stage);
  const lease = await bring(scan, stand, stage);
  await temporal(tool, ids[target](scan));
  const endsScan = target === 'scan' && tool !== 'reset';
  if (endsScan) await poll(() => statusOf(scan)).not.toBe('running');
  // what was told to end has ended before anything is let go on
  if (tool !== 'reset') await poll(() => statusOf(ids[target](scan))).not.toBe('running');
  const left = () => Promise.all(['a', 'x', 'b'].flatMap((name) => childIds(scan, name)).map(statusOf));
  if (endsScan) await poll(async () => (await left()).filter((status) => status === 'running'), 60_000).toEqual([]);
  await letGo(scan, hurdles, lease);
  expect((await left()).filter((status) => status === 'running')).toEqual([]);
  await poll(async () => ({ ...(await standView(server.client, stand)), history: [] })).toEqual({
    ...{ stand, lease: null, queue: [], history: [] },
  });
  return outcomeOf(scan);
}

/** Pauses the activity of a kind, waits until no attempt works on it, lets it go on. */
async function pauseAndUnpause(workflowId: string, type: string): Promise<void> {
  const handle = server.client.workflow.getHandle(workflowId);
  const activity = async () =>
    (await handle.describe()).raw.pendingActivities?.find(({ activityType }) => activityType?.name === type);
  await poll(async () => (await activity())?.state).toBe(started);
  const activityId = (await activity())?.activityId ?? '';
  const words = ['--workflow-id', workflowId, '--activity-id', activityId, '--address', server.address];
  await run(temporalCli(), ['activity', 'pause', ...words]);
  await poll(async () => (await activity())?.state).toBe(paused);
  await run(temporalCli(), ['activity', 'unpause', ...words]);
  await poll(async () => (await activity())?.state).not.toBe(paused);
}

type Cell = readonly [Tool, Target, Stage];

/** Of `PendingActivityState`. */
const [started, paused] = [2, 4];
/** Work that may be paused, where it is done, and the stage at which it is. */
const works: readonly (readonly [type: string, Target, Stage])[] = [
  ['acquire', 'well', 'acquiring'],
  ['merge', 'well', 'merging'],
  ['analyse', 'distillery', 'analysing'],
];

const tools: readonly Tool[] = ['cancel', 'terminate', 'reset', 'delete'];
const stages: Record<Target, readonly Stage[]> = {
  scan: ['queued', 'acquiring', 'paused', 'merging', 'analysing', 'asking'],
  well: ['queued', 'acquiring', 'paused', 'merging'],
  distillery: ['analysing', 'asking'],
};
const cells = tools.flatMap((tool) =>
  (Object.keys(stages) as Target[]).flatMap((target) => stages[target].map((stage): Cell => [tool, target, stage])),
);

/** Rows of the table in docs/operations.md, a tool each: what becomes of it where it is used on scan, `a`, `x`. */
function documented(): Map<string, readonly string[]> {
  const text = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const rows = tools.map((tool) => new RegExp(`^\\| \`${tool}\` \\| (.*) \\|$`, 'm').exec(text)?.[1] ?? '');
  return new Map(tools.map((tool, i) => [tool, rows[i].split(' | ')]));
}

test('whatever Temporal’s own tools do at whatever stage, the stand becomes free, nothing goes on alone, and docs/operations.md is true', async () => {
  const lanes = 4;
  const stands = Array.from({ length: lanes }, () => `t-${randomUUID()}`);
  const hurdles: Hurdles = new Map();
  const seen = new Map<string, string>();
  await withWorkers(server, stands, activitiesOf(hurdles), async () => {
    const lane = async (n: number): Promise<void> => {
      for (let i = n; i < cells.length; i += lanes)
        seen.set(cells[i].join(' '), await play(stands[n], hurdles, cells[i]));
    };
    await Promise.all(stands.map((_, n) => lane(n)));
  });
  const table = documented();
  const targets: readonly Target[] = ['scan', 'well', 'distillery'];
  for (const [tool, target, stage] of cells) {
    const [status, states] = (seen.get([tool, target, stage].join(' ')) ?? '').split(': ');
    const expected = table.get(tool)?.[targets.indexOf(target)];
    expect([
      tool,
      target,
      stage,
      states === undefined || !expected?.includes(':') ? status : `${status}: ${states}`,
    ]).toEqual([tool, target, stage, expected]);
    if (tool === 'cancel') expect(states).not.toContain('waiting');
  }
}, 600_000);

test('work of each kind that is paused with `temporal activity pause` goes on when it is unpaused, and nothing ends', async () => {
  const stand = `t-${randomUUID()}`;
  const hurdles: Hurdles = new Map();
  await withWorkers(server, stand, activitiesOf(hurdles), async () => {
    for (const [type, target, stage] of works) {
      const scan = `pause-${stage}-${randomUUID().slice(0, 8)}`;
      hurdles.set(scan, stage);
      await bring(scan, stand, stage);
      await pauseAndUnpause(ids[target](scan), type);
      await letGo(scan, hurdles, undefined);
      expect(await outcomeOf(scan)).toBe('completed: a done, x done, b done');
    }
  });
}, 120_000);
