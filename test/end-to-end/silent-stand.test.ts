import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Notice } from '../../src/domain/scan/notice.js';
import type { ScanProgress, StandView } from '../../src/workflows/messages.js';
import { standWorkflowId } from '../../src/workflows/names.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { freePortBlock } from '../support/stand/free-ports.js';
import { gridProcedure, gridRuns, readScan, writeInjectionGrid } from '../support/tables/injection-grid.js';
import { runCli, startCli, type RunningCli } from '../support/temporal/cli.js';
import { untilStatus } from '../support/temporal/until-status.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// A stand that is switched off, hangs or is looked for at the wrong place: what every screen says of it.
const folder = temporaryFolder();
const stand = `s-${randomUUID().slice(0, 8)}`;
const network = join(folder, 'network.yaml');
const notices = join(folder, 'notices.jsonl');
let up: Up;
let main: string;
let simulator: RunningCli;
let ports: string;
let client: Client;

beforeAll(async () => {
  main = writeInjectionGrid(join(folder, 'configuration'));
  const first = await freePortBlock(5, 1);
  const services = ['slowControl', 'daq', 'data', 'client', 'coordinator'];
  ports = services.map((service, n) => `${service}=${first + n}`).join(',');
  [up] = await Promise.all([
    startUp({ args: ['--stand', stand, '--notify', `line=$(cat); printf '%s\\n' "$line" >> ${notices}`] }),
    startSimulator(),
  ]);
  client = new Client({ connection: await Connection.connect({ address: up.address }) });
});
afterAll(() => client.connection.close());

async function startSimulator(): Promise<void> {
  const files = existsSync(network) ? [] : ['--write-network', network];
  simulator = startCli(['simulate', '--chips', '1', '--run-seconds', '0.1', '--ports', ports, ...files]);
  await simulator.waitForLine(/^ready simulator/);
}

const outputOf = (id: string): string => join(folder, id);

/** A test that failed may have left it dead or stopped. */
async function revive(): Promise<void> {
  await simulator.stop(100);
  await startSimulator();
}

async function startScan(id: string, file = network): Promise<RunningCli> {
  const words = ['run', main, gridProcedure, '--output', outputOf(id), '--network', file, '--stand', stand, '--id', id];
  return startCli(words, { env: up.environment });
}

async function untilMeasured(id: string, runs: number): Promise<void> {
  await waitUntil(`${runs} runs`, () => (measuredRuns(outputOf(id), gridProcedure) >= runs ? true : undefined));
}

/** As the scan's workflow itself knows it, and so the Web UI. */
async function ownProgress(id: string): Promise<ScanProgress> {
  return client.workflow.getHandle(id).query<ScanProgress>('progress');
}

async function untilSilent(id: string): Promise<ScanProgress> {
  return waitUntil('silence that the scan has heard of', async () => {
    const progress = await ownProgress(id).catch(() => undefined);
    return progress?.waiting?.kind === 'link' ? progress : undefined;
  });
}

function saidBy({ stderr }: RunningCli, pattern: RegExp): true | undefined {
  return stderr.some((line) => pattern.test(line)) ? true : undefined;
}

async function livePage(id: string): Promise<string> {
  const server = startCli(['report', outputOf(id), '--live'], { env: up.environment });
  const [url] = await server.waitForLine(/^http:.*/);
  try {
    return await (await fetch(url)).text();
  } finally {
    await server.stop();
  }
}

function told(id: string, event: Notice['event']): Notice[] {
  const lines = existsSync(notices) ? readFileSync(notices, 'utf8').split('\n').slice(0, -1) : [];
  const all = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Notice);
  return all.filter((notice) => notice.scan === id && notice.event === event);
}

test.each([
  ['is killed', 'SIGKILL'],
  ['hangs', 'SIGSTOP'],
] as const)(
  'a simulator that %s in mid-scan: every screen says so, and the scan goes on',
  { timeout: 240_000 },
  async (_, signal) => {
    await revive();
    const id = `silent-${signal}`;
    const run = await startScan(id);
    await untilMeasured(id, 5);
    simulator.signal(signal);
    const since = Date.now();
    const { waiting, phase, secondsLeft, procedures } = await untilSilent(id);
    process.stderr.write(`${signal}: told after ${((Date.now() - since) / 1000).toFixed(1)} s\n`);
    expect(phase).toBe('acquiring');
    expect(secondsLeft).toBeUndefined();
    expect(procedures[0]).toMatchObject({ state: 'acquiring', waiting: { kind: 'link' } });
    expect(waiting?.text).toMatch(/^(slow-control server|daq server|data stream|the data stream)/);
    expect(Math.abs(Date.parse(waiting?.since ?? '') - since)).toBeLessThan(20_000);
    await waitUntil('a notice', () => told(id, 'waits')[0]);
    expect(told(id, 'waits')[0].message).toMatch(/^not answering since .* UTC/);
    await waitUntil('a line of run', () => saidBy(run, /not answering since \d\d:\d\d:\d\d/));
    const tries = await untilStatus(up, id, 'a second try', ({ waiting: now }) =>
      now?.kind === 'link' && (now.tries ?? 0) >= 2 ? now.tries : undefined,
    );
    expect(tries).toBeGreaterThanOrEqual(2);
    expect(await livePage(id)).toMatch(/class="banner warn">acquiring: not answering since \d\d:\d\d:\d\d, try \d+: /);
    const text = await runCli(['status', id], { env: up.environment });
    expect(text.stdout).toMatch(/^not answering since \d\d:\d\d:\d\d, try \d+: /m);
    if (signal === 'SIGSTOP') simulator.signal('SIGCONT');
    else await startSimulator();
    await waitUntil('an end of silence', async () => {
      const progress = await ownProgress(id).catch(() => undefined);
      return progress?.waiting === undefined ? true : undefined;
    });
    expect((await run.ended).code).toBe(0);
    expect((await readScan(outputOf(id))).rowsOfRuns.length).toBe(gridRuns);
    expect(told(id, 'waits').length).toBe(1);
  },
);

test('a scan whose stand is silent is aborted within seconds, and the stand goes back unclean', async () => {
  await revive();
  const run = await startScan('given-up');
  await untilMeasured('given-up', 5);
  simulator.signal('SIGSTOP');
  try {
    await untilSilent('given-up');
    const begin = Date.now();
    expect((await runCli(['abort', 'given-up'], { env: up.environment })).code).toBe(0);
    const view = await waitUntil('a stand that is free', async () => {
      const now = await client.workflow.getHandle(standWorkflowId(stand)).query<StandView>('stand');
      return now.lease === null ? now : undefined;
    });
    process.stderr.write(`free after ${((Date.now() - begin) / 1000).toFixed(1)} s\n`);
    expect(view.history[0]).toMatchObject({ scan: 'given-up', end: 'released unclean' });
    expect((await run.ended).code).toBe(1);
  } finally {
    simulator.signal('SIGCONT');
  }
}, 120_000);

test('a wrong port is told before anything else', async () => {
  const wrong = join(folder, 'wrong.yaml');
  writeFileSync(wrong, readFileSync(network, 'utf8').replace(/sc_ctrl_port: \d+/, 'sc_ctrl_port: 9'));
  const run = await startScan('astray', wrong);
  const { waiting } = await untilSilent('astray');
  expect(waiting?.text).toMatch(/^slow-control server at .*:9: nobody answered within \d+ s$/);
  await waitUntil('a line of run', () => saidBy(run, /slow-control server at \S+:9/));
  await runCli(['abort', 'astray'], { env: up.environment });
  expect((await run.ended).code).toBe(1);
}, 120_000);
