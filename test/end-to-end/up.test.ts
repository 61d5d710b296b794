import { hostname } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../src/io/temporal/free-port.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { childrenOf, listProcesses, waitUntil } from '../support/tools/processes.js';
import { cleanEnvironment, temporalCli, withServer } from '../support/temporal/server.js';
import { startUp, type Up } from '../support/temporal/up.js';

const activityTasks = 2; // temporal.api.enums.v1.TaskQueueType

/** Who asks for work on a queue; a worker that was killed stays in the server's list for minutes. */
async function pollers(address: string, queue: string): Promise<string[]> {
  const connection = await Connection.connect({ address });
  try {
    const taskQueue = { name: queue };
    const request = { namespace: 'default', taskQueue, taskQueueType: activityTasks };
    const { pollers } = await connection.workflowService.describeTaskQueue(request);
    return pollers.map(({ identity }) => identity ?? '');
  } finally {
    await connection.close();
  }
}

const living = (pids: readonly number[]): number[] =>
  listProcesses().flatMap(({ pid }) => (pids.includes(pid) ? [pid] : []));

const childPids = (up: Up): number[] => childrenOf(up.cli.pid, /worker |start-dev/).map(({ pid }) => pid);

describe('up with a server of its own', () => {
  it('runs a worker for each role and stand, restarts what dies and stops everything', async () => {
    const up = await startUp({ args: ['--stand', 'left', 'right'] });
    for (const name of ['daq-left', 'daq-right', 'processing', 'analysis']) {
      const identity = `${name}@${hostname()}`;
      const isThere = async () => (await pollers(up.address, name)).some((each) => each.startsWith(`${identity}#`));
      await waitUntil(identity, async () => ((await isThere()) ? true : undefined));
    }
    expect((await fetch(up.uiUrl)).status).toBe(200);

    const left = up.worker('daq', 'left')?.pid;
    const right = await up.killWorker('daq', 'right');
    await up.cli.waitForLine(new RegExp(`^\\S+Z INFO worker daq \\(right\\) is back \\(pid ${right}\\)$`));
    expect(up.worker('daq', 'left')?.pid).toBe(left);

    const server = up.server()?.pid ?? 0;
    process.kill(server, 'SIGKILL');
    await up.cli.waitForLine(/^\S+Z INFO Temporal server is back/);
    expect(up.server()?.pid).not.toBe(server);
    await waitUntil('work to be asked for', async () => {
      const identities = await pollers(up.address, 'daq-left');
      return identities.length > 0 ? true : undefined;
    });

    const children = childPids(up);
    expect(children).toHaveLength(6);
    up.cli.signal('SIGINT');
    expect(await up.cli.ended).toMatchObject({ code: 0 });
    expect(living(children)).toEqual([]);
  });

  it('starts a server again that hangs', async () => {
    const up = await startUp();
    const server = up.server()?.pid ?? 0;
    process.kill(server, 'SIGSTOP');
    await up.cli.waitForLine(/^\S+Z WARN Temporal server: no answer for \d+ s: killed$/);
    await up.cli.waitForLine(/^\S+Z INFO Temporal server is back/);
    expect(up.server()?.pid).not.toBe(server);
    await up.stop();
  });

  it('comes up also where workers are killed while they start', async () => {
    const data = join(temporaryFolder(), 'data');
    const cli = startCli(['up', '--port', '0', '--data', data], {
      env: { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() },
    });
    const role = (name: string) => childrenOf(cli.pid, new RegExp(`worker ${name}( |$)`))[0]?.pid;
    for (const name of ['workflow', 'daq']) process.kill(await waitUntil(name, () => role(name)), 'SIGKILL');
    await cli.waitForLine(/^\S+Z WARN worker daq .*does not start \(signal SIGKILL\): trying again$/);
    await cli.waitForLine(/^ready temporal=/, 120_000);
    expect(childrenOf(cli.pid, /worker /)).toHaveLength(4);
    cli.signal('SIGTERM');
    expect(await cli.ended).toMatchObject({ code: 0 });
  });

  it('ends within seconds where it is interrupted while its server comes up', async () => {
    const cli = startCli(['up', '--port', '0', '--data', join(temporaryFolder(), 'data')], {
      env: { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() },
    });
    const { pid } = await waitUntil('the server', () => childrenOf(cli.pid, /server start-dev/)[0]);
    const begin = performance.now();
    cli.signal('SIGINT');
    expect(await cli.ended).toMatchObject({ code: 130 });
    expect(performance.now() - begin).toBeLessThan(20_000);
    expect(living([pid])).toEqual([]);
  });

  it('leaves nothing behind when it is killed, and can be started again at once', async () => {
    const first = await startUp();
    const children = childPids(first);
    const port = Number(first.address.split(':')[1]);
    first.cli.signal('SIGKILL');
    await first.cli.ended;
    const second = await startUp({ data: first.data, port });
    expect(second.address).toBe(first.address);
    await waitUntil('the first one’s processes to be gone', () => (living(children).length === 0 ? true : undefined));
    await second.stop();
  });

  it('refuses a folder that another uses, naming it', async () => {
    const up = await startUp();
    const { code, stderr } = await runCli(['up', '--port', '0', '--data', up.data], { env: up.environment });
    expect(code).toBe(1);
    expect(stderr).toContain(`process ${up.cli.pid} already runs a Temporal server on '${up.data}'`);
    const port = up.address.split(':')[1] ?? '';
    const other = await runCli(['up', '--port', port, '--data', join(temporaryFolder(), 'data')]);
    expect(other.code).toBe(1);
    expect(other.stderr).toContain(`port ${port} on 127.0.0.1 is in use`);
    await up.stop();
  });
});

describe('up with a configured server', () => {
  const server = withServer();

  it('uses it', async () => {
    const up = await startUp({ environment: server.environment });
    expect(up.address).toBe(server.address);
    expect(up.server()).toBeUndefined();
    await up.stop();
    expect((await server.client.workflowService.getSystemInfo({})).serverVersion).not.toBe('');
  });

  it('says in one message that it does not answer', async () => {
    const address = `127.0.0.1:${await freePort(0)}`;
    const { code, stderr, stdout } = await runCli(['up'], {
      env: { ...cleanEnvironment(), TEMPORAL_ADDRESS: address },
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(
      new RegExp(`^datenraffinerie up: no Temporal server answers at ${address} .*\n    start one`),
    );
  });
});

describe('worker', () => {
  const server = withServer();

  it('runs several roles in one process and ends on SIGTERM', async () => {
    const cli = startCli(['worker', 'daq', 'processing', '--stand', 'left'], { env: server.environment });
    await cli.waitForLine(/^ready queues=daq-left,processing pid=\d+$/);
    cli.signal('SIGTERM');
    expect(await cli.ended).toMatchObject({ code: 0 });
  });

  it('names wrong roles, stands and folders with exit code 2', async () => {
    const cases = [
      { args: ['acquire'], message: "'acquire' is invalid" },
      { args: ['daq', '--stand', 'a/b'], message: "'a/b' is no name of a stand" },
      { args: ['analysis', '--analyses', '/nonexistent'], message: "'/nonexistent' does not exist" },
    ];
    for (const { args, message } of cases) {
      const { code, stderr } = await runCli(['worker', ...args], { env: server.environment });
      expect({ args, code }).toEqual({ args, code: 2 });
      expect(stderr).toContain(message);
    }
  });

  it('exits with 1 where no server answers', async () => {
    const address = `127.0.0.1:${await freePort(0)}`;
    const { code, stderr } = await runCli(['worker', 'daq'], {
      env: { ...cleanEnvironment(), TEMPORAL_ADDRESS: address },
    });
    expect(code).toBe(1);
    expect(stderr).toContain(`no Temporal server answers at ${address}`);
  });
});
