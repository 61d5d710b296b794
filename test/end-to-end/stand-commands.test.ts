import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withHeartbeat } from '../../src/activities/heartbeat.js';
import { takeStand } from '../../src/client/stand/take-stand.js';
import { StandLock } from '../../src/io/stand-lock.js';
import type { QueueEntry, ScanInput, StandView } from '../../src/workflows/messages.js';
import { scanWorkflow, workflowQueue } from '../../src/workflows/names.js';
import { runCli } from '../support/cli.js';
import {
  acquireOutcome,
  daqProcedure,
  fakeActivities,
  withWorkers,
  type FakeActivities,
} from '../support/fake-scan.js';
import { temporaryFolder } from '../support/folders.js';
import { withServer } from '../support/server.js';
import { waitUntil } from '../support/processes.js';

const server = withServer();

const newStand = (): string => `s-${randomUUID().slice(0, 8)}`;

function stand(...words: string[]) {
  return runCli(['stand', ...words], { env: server.environment });
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
        const places = others.length;
        await waitUntil(`${id} waits`, async () => ((await queueNow(name)).length === places ? true : undefined));
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
    'kind: hexaboard\nserver: {hostname: 127.0.0.1, sc_ctrl_port: 1, daq_ctrl_port: 1, data_port: 1}\n',
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
