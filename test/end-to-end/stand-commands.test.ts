import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { withHeartbeat } from '../../src/activities/heartbeat.js';
import { takeStand } from '../../src/client/stand/take-stand.js';
import { standView } from '../../src/client/stand/view.js';
import { StandLock } from '../../src/io/stand/locks/stand-lock.js';
import type { ScanInput } from '../../src/domain/scan/scan-input.js';
import type { QueueEntry, StandView } from '../../src/workflows/messages.js';
import { scanWorkflow, workflowQueue } from '../../src/workflows/names.js';
import { runCli, startCli, type RunningCli } from '../support/temporal/cli.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/temporal/fake-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { withServer } from '../support/temporal/server.js';
import { waitUntil } from '../support/tools/processes.js';

const server = withServer();

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const act of cleanUp.splice(0)) act();
});

const newStand = (): string => `s-${randomUUID().slice(0, 8)}`;

function stand(...words: string[]) {
  return runCli(['stand', ...words], { env: server.environment });
}

/** Resolves when as many wait for the stand; asked from here, a look costs no start of a command. */
function untilWaiting(name: string, count: number): Promise<true> {
  return waitUntil(`${count} wait`, async () => {
    return (await standView(server.client, name)).queue.length === count || undefined;
  });
}

async function queueNow(name: string): Promise<QueueEntry[]> {
  const { stdout } = await stand('queue', '--stand', name, '--json');
  return JSON.parse(stdout) as QueueEntry[];
}

function pickOperator({ operator }: ScanInput): Pick<ScanInput, 'operator'> {
  return operator === undefined ? {} : { operator };
}

/** Activities of scans whose acquisition lasts until `release` is called, in the order in which they began. */
function waitingScans(name: string) {
  const order: string[] = [];
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const fake = fakeActivities([daqProcedure('a')], name);
  const activities: FakeActivities = {
    ...fake,
    openScan: async (task) => {
      const opened = await fake.openScan(task);
      return { ...opened, context: { ...opened.context, ...pickOperator(task.input) } };
    },
    acquire: async ({ context }) => {
      order.push(context.scan.replace(`${name}-`, ''));
      await withHeartbeat(
        () => null,
        () => released,
      );
      return acquireOutcome({ end: 'all', next: 10, acquired: 10 });
    },
  };
  const start = (id: string, more: object = {}) =>
    server.client.workflow.start(scanWorkflow, {
      workflowId: `${name}-${id}`,
      taskQueue: workflowQueue,
      args: [{ config: '/nowhere/main.yaml', procedures: ['p'], output: `/nowhere/${id}`, ...more }],
    });
  /** With workers; a failing test lets go too, else they would never end. */
  const held = (body: () => Promise<void>): Promise<void> =>
    withWorkers(server, name, activities, () => body().finally(release));
  return { order, held, release, start };
}

describe('stand', () => {
  test('show tells of a stand that nobody has used yet, without any worker', async () => {
    const result = await stand('show', '--stand', 'never-used');
    expect(result).toMatchObject({ code: 0, stdout: 'never-used is free\n\nnobody waits\n' });
  });

  test('queue moves, holds and removes what waits; show tells who has the stand and who had it', async () => {
    const name = newStand();
    const { order, held, release, start } = waitingScans(name);
    await held(async () => {
      const first = await start('first', { operator: 'Ada' });
      await waitUntil('the first acquires', () => (order.length === 1 ? true : undefined));
      const others = [];
      for (const id of ['b', 'c', 'd', 'e']) {
        others.push(await start(id));
        await untilWaiting(name, others.length);
      }
      const shown = JSON.parse((await stand('show', '--stand', name, '--json')).stdout) as StandView;
      expect(shown.lease).toMatchObject({ scan: `${name}-first`, procedure: 'a', operator: 'Ada' });
      expect(shown.queue.map(({ scan }) => scan.slice(-1)).join('')).toBe('bcde');

      const moved = await stand('queue', 'move', `${name}-e`, '0', '--stand', name);
      expect(moved.code).toBe(0);
      expect(moved.stdout.split('\n')[1]).toMatch(new RegExp(`^ *0 +${name}-e +a +3`));
      await stand('queue', 'hold', `${name}-b`, '--stand', name);
      const removed = await stand('queue', 'remove', `${name}-c`, '--stand', name);
      expect(removed.stdout).toMatch(new RegExp(`${name}-b .*on hold`));
      await expect(others[1].result()).rejects.toThrow();

      release();
      await Promise.all([first.result(), others[2].result(), others[3].result()]);
      expect(order).toEqual(['first', 'e', 'd']);
      await stand('queue', 'hold', `${name}-b`, '--stand', name);
      await others[0].result();
      const text = (await stand('show', '--stand', name)).stdout;
      expect(text).toContain(`${name} is free`);
      expect(text).toMatch(new RegExp(`${name}-b +a .*released`));
    });
  });

  test.each([
    [['queue', 'swap', 'x'], "'swap' is no way to change a queue"],
    [['queue', 'move', 'x'], 'move where to?'],
    [['queue', 'move', 'x', 'first'], "'first' is no count"],
    [['queue', 'remove', 'x'], 'nobody waits for the stand local'],
    [['show', '--stand', 'a/b'], "'a/b' is no name of a stand"],
  ])('%j is wrong usage', async (words, message) => {
    const result = await stand(...words);
    expect(result.stderr).toContain(message);
    expect(result.code).toBe(2);
  });
});

/** Network file of a hexaboard where nobody listens: what asks it fails otherwise than what is refused. */
function closedPort(): string {
  const file = join(temporaryFolder(), 'network.yaml');
  writeFileSync(
    file,
    'kind: hexaboard\nserver: {hostname: 127.0.0.1, sc_ctrl_port: 1, daq_ctrl_port: 1, data_port: 1}\ntimeouts: {slow_control: 1}\n',
  );
  return file;
}

describe('work at a stand without a scan', () => {
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  const never = new AbortController().signal;

  async function at(address: string, name: string): Promise<string> {
    const before = process.env['TEMPORAL_ADDRESS'];
    process.env['TEMPORAL_ADDRESS'] = address;
    try {
      return await takeStand(name, { what: 'reading registers' }, { signal: never, warn }, async () => 'done');
    } finally {
      if (before === undefined) delete process.env['TEMPORAL_ADDRESS'];
      else process.env['TEMPORAL_ADDRESS'] = before;
    }
  }

  test('is refused while a scan has the lease, and not before and after', async () => {
    const name = newStand();
    const { order, held, release, start } = waitingScans(name);
    await held(async () => {
      expect(await at(server.address, name)).toBe('done');
      const scan = await start('scan', { operator: 'Ada' });
      await waitUntil('it acquires', () => (order.length === 1 ? true : undefined));
      await expect(at(server.address, name)).rejects.toThrow(`leased to ${name}-scan (Ada), a, since`);
      const read = await stand('read', '--network', closedPort(), '--stand', name);
      expect(read.stderr).toContain(`leased to ${name}-scan (Ada)`);
      expect(read.code).toBe(1);
      release();
      await scan.result();
      expect(await at(server.address, name)).toBe('done');
      expect(warnings).toEqual([]);
    });
  });

  test('is refused while a process has the lock, and names it', async () => {
    const name = newStand();
    const lock = await StandLock.take(name, 0);
    await lock?.record('scan-1: pedestal');
    await expect(at(server.address, name)).rejects.toThrow(`in use by process ${process.pid} on`);
    await lock?.release();
    expect(await at(server.address, name)).toBe('done');
  });

  test('needs no server: then the lock alone decides, and a warning says so', async () => {
    expect(await at('127.0.0.1:1', newStand())).toBe('done');
    expect(warnings.pop()).toContain('no Temporal server answers at 127.0.0.1:1');
  });
});

/** A network file whose slow-control server takes every connection and never says a word. */
async function silentBoard(): Promise<string> {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  cleanUp.push(() => silent.close());
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const file = join(temporaryFolder(), 'network.yaml');
  const server = `{hostname: 127.0.0.1, sc_ctrl_port: ${port}, daq_ctrl_port: 1, data_port: 1}`;
  writeFileSync(file, `kind: hexaboard\nserver: ${server}\n`);
  return file;
}

/** `stand write` that has the lease of a stand and gets no answer from its board. */
async function writing(name: string): Promise<RunningCli> {
  const words = ['stand', 'write', 'roc_s0.Top.0.phase_strobe=3', '--network', await silentBoard(), '--stand', name];
  const cli = startCli(words, { env: server.environment });
  await waitUntil('it has the stand', async () => {
    return (await standView(server.client, name)).lease?.procedure === 'stand write' || undefined;
  });
  return cli;
}

describe('a command at the bench', () => {
  test.each([
    ['interrupted', 'SIGINT', 130, 'released'],
    ['killed', 'SIGKILL', null, 'released'],
  ] as const)('holds the stand, scans wait for it; %s, it lets go', async (_, signal, code, end) => {
    const name = newStand();
    const { order, held, release, start } = waitingScans(name);
    await held(async () => {
      const cli = await writing(name);
      const scan = await start('scan');
      await untilWaiting(name, 1);
      expect((await queueNow(name)).map((entry) => entry.scan)).toEqual([`${name}-scan`]);
      expect(order).toEqual([]);
      const second = await stand('read', '--network', closedPort(), '--stand', name);
      expect(second.stderr).toMatch(new RegExp(`the stand ${name} is leased to bench/${name}/\\w+ .*, stand write`));
      expect(second.code).toBe(1);

      cli.signal(signal);
      expect((await cli.ended).code).toBe(code);
      await waitUntil('the scan acquires', () => (order.length === 1 ? true : undefined), 60_000);
      release();
      await scan.result();
      const { stdout } = await stand('show', '--stand', name, '--json');
      const history = (JSON.parse(stdout) as StandView).history.map((entry) => [entry.procedure, entry.end]);
      expect(history).toEqual([
        ['a', 'released'],
        ['stand write', end],
      ]);
    });
  });

  test('waits in the queue of a stand that a scan has, up to its time limit, and goes on when the scan is done', async () => {
    const name = newStand();
    const { order, held, release, start } = waitingScans(name);
    await held(async () => {
      const scan = await start('scan');
      await waitUntil('it acquires', () => (order.length === 1 ? true : undefined));
      const words = ['stand', 'read', '--network', closedPort(), '--stand', name, '--wait'];
      const limited = await runCli([...words, '--timeout', '1'], { env: server.environment });
      expect(limited.stderr).toContain(`waiting for stand ${name}, used by ${name}-scan (a)`);
      expect(limited.stderr).toContain(`the stand ${name} is leased to ${name}-scan`);
      expect(limited.code).toBe(1);
      await untilWaiting(name, 0);
      expect(await queueNow(name)).toEqual([]);

      const patient = startCli([...words, '--priority', '1'], { env: server.environment });
      await patient.waitForLine(/^waiting for stand /);
      const [entry] = await queueNow(name);
      expect(entry).toMatchObject({ procedure: 'stand read', priority: 1 });
      release();
      await scan.result();
      const { code, stderr } = { ...(await patient.ended), stderr: patient.stderr.join('\n') };
      expect(stderr).toContain('slow-control server'); // it got through to the board, which is not there
      expect(code).toBe(1);
    });
  });

  test('that is removed from the queue says so', async () => {
    const name = newStand();
    const { order, held, release, start } = waitingScans(name);
    await held(async () => {
      const scan = await start('scan');
      await waitUntil('it acquires', () => (order.length === 1 ? true : undefined));
      const words = ['stand', 'reset', '--network', closedPort(), '--stand', name, '--wait'];
      const waiting = startCli(words, { env: server.environment });
      await waiting.waitForLine(/^waiting for stand /);
      const [{ holder }] = await queueNow(name);
      await stand('queue', 'remove', holder, '--stand', name);
      expect((await waiting.ended).code).toBe(1);
      expect(waiting.stderr.join('\n')).toContain('removed from the queue of the stand');
      release();
      await scan.result();
    });
  });
});
