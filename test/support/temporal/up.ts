import { join } from 'node:path';
import { startCli, type RunningCli } from './cli.js';
import { databaseFolder } from '../disk/folders.js';
import { childrenOf, listProcesses, waitUntil, type ProcessEntry } from '../tools/processes.js';
import { cleanEnvironment, temporalCli } from './server.js';

export interface UpOptions {
  /** Environment with a configured server (`TestServer.environment`); without it `up` starts its own on a free port. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Environment without one, for `up`'s own server. */
  readonly base?: NodeJS.ProcessEnv;
  /** Database folder of the own server; default: a temporary one. */
  readonly data?: string;
  readonly port?: number;
  /** More arguments: `--stand`, `--analyses`, … */
  readonly args?: readonly string[];
  /** The folder whose build runs; default: the project's. */
  readonly build?: string;
}

/** `datenraffinerie up`, ready. */
export interface Up {
  readonly cli: RunningCli;
  /** HOST:PORT of Temporal. */
  readonly address: string;
  readonly uiUrl: string;
  readonly data: string;
  /** With this, a command finds the server of this `up`. */
  readonly environment: NodeJS.ProcessEnv;
  /** The living worker of a role; undefined between death and new start. */
  worker(role: string, stand?: string): ProcessEntry | undefined;
  /** The dev server's process. */
  server(): ProcessEntry | undefined;
  /** SIGKILL to a worker; resolves with the pid of the one started in its place. */
  killWorker(role: string, stand?: string): Promise<number>;
  /** SIGTERM; resolves when all is stopped. */
  stop(): Promise<void>;
  /** SIGKILL to `up` and all that it has started; resolves when all is gone. */
  kill(): Promise<void>;
}

/** Starts the real `up` and waits until it is ready. It is ended with the test file at the latest. */
export async function startUp(options: UpOptions = {}): Promise<Up> {
  const data = options.data ?? join(databaseFolder(), 'data');
  const own = ['--port', `${options.port ?? 0}`, '--data', data];
  const args = ['up', ...(options.environment === undefined ? own : []), ...(options.args ?? [])];
  const usual = { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() };
  const base = options.environment ?? options.base ?? usual;
  const cli = startCli(args, { env: base, ...(options.build === undefined ? {} : { build: options.build }) });
  const [, address = '', uiUrl = ''] = await cli.waitForLine(/^ready temporal=(\S+) ui=(\S+)$/, 120_000);
  const worker = (role: string, stand?: string): ProcessEntry | undefined =>
    childrenOf(cli.pid, new RegExp(`worker ${role}( |$).*${stand === undefined ? '' : `--stand ${stand}( |$)`}`))[0];
  return {
    cli,
    address,
    uiUrl,
    data,
    environment: { ...base, TEMPORAL_ADDRESS: address },
    worker,
    server: () => childrenOf(cli.pid, /server start-dev/)[0],
    killWorker: (role, stand) => replace(`worker ${role}`, () => worker(role, stand)),
    stop: async () => {
      await cli.stop(60_000);
    },
    kill: () => killAll(cli.pid),
  };
}

/** The parent first: it would start the others again. */
async function killAll(up: number): Promise<void> {
  const pids = [up, ...childrenOf(up, /(worker|server start-dev) /).map(({ pid }) => pid)];
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await waitUntil('all are gone', () => (listProcesses().some(({ pid }) => pids.includes(pid)) ? undefined : true));
}

async function replace(name: string, find: () => ProcessEntry | undefined): Promise<number> {
  const before = find();
  if (before === undefined) throw new Error(`there is no ${name}`);
  process.kill(before.pid, 'SIGKILL');
  return waitUntil(`another ${name}`, () => {
    const pid = find()?.pid;
    return pid === before.pid ? undefined : pid;
  });
}
