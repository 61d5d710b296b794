/**
 * Room: a server and workers of one's own, supervised.
 * May use: client, client/options, domain, io, io/output, io/processes, io/temporal, workflows.
 */

import { resolve } from 'node:path';
import { connectClient } from '../../io/temporal/connection.js';
import { prepareNamespace } from '../../io/temporal/namespace.js';
import { supervise, type Supervised } from '../../io/processes/supervise.js';
import { serverDataVariable } from '../../io/output/owner.js';
import { environmentFor } from '../../io/temporal/settings.js';
import { searchAttributeNames } from '../../workflows/names.js';
import { startOwnServer } from './own-server.js';
import { startWorker, workerGraceMs, workerName } from './worker-process.js';
import { notifyVariable, type AnalysisSetting } from '../options/worker-options.js';

/** A dev server of ours (port 0: a free one; its database in `data`), or the one that environment or profile name. */
export type ServerChoice = { readonly port: number; readonly data: string; readonly ui: boolean } | 'configured';

export interface StackOptions extends AnalysisSetting {
  readonly server: ServerChoice;
  /** A daq worker for each. */
  readonly stands: readonly string[];
  /** Hook that the workers tell what people should know; it may hold secrets, so it is on no command line. */
  readonly notify?: string | undefined;
  /** Progress and what the processes print, a line at a time. */
  readonly log: (line: string) => void;
  /** Ends what is just starting; what runs is ended by `stop`. */
  readonly signal: AbortSignal;
}

/** Server and workers of all roles on this machine, supervised. */
export interface Stack {
  /** HOST:PORT of Temporal. */
  readonly address: string;
  /** Of the Web UI; undefined where none is found. */
  readonly uiUrl: string | undefined;
  /** With this, a process of ours uses this server. */
  readonly environment: NodeJS.ProcessEnv;
  /** Workers first, then the server; at most 50 s. */
  stop(): Promise<void>;
  /** Everything at once, without waiting. */
  kill(): void;
}

interface Server {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly process?: Supervised;
  readonly release: () => void;
}

/** Resolves when a scan can be started. Throws, with nothing left running, where anything does not come up. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const server = await (options.server === 'configured'
    ? useConfigured()
    : ownServer({ ...options.server, log: options.log, signal: options.signal }));
  const workers: Supervised[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await server.process?.stop();
    server.release();
  };
  const kill = (): void => {
    for (const worker of workers) worker.kill();
    server.process?.kill();
    server.release();
  };
  try {
    const starts = workerSettings(options).map(async (setting) => {
      workers.push(await superviseWorker(setting, { ...server.environment, ...hookOf(options) }, options));
    });
    await allSettledOrThrow(starts);
  } catch (error) {
    await stop();
    throw error;
  }
  const { address, uiUrl, environment } = server;
  return { address, uiUrl, environment, stop, kill };
}

async function ownServer(options: Parameters<typeof startOwnServer>[0]): Promise<Server> {
  const { lock, ...server } = await startOwnServer(options);
  return {
    ...server,
    environment: { ...environmentFor(server.address), [serverDataVariable]: resolve(options.data) },
    release: () => lock.release(),
  };
}

async function useConfigured(): Promise<Server> {
  const { connection, settings, close } = await connectClient();
  try {
    await prepareNamespace(connection, settings.namespace, { searchAttributes: searchAttributeNames });
  } finally {
    await close();
  }
  const { address } = settings;
  return { address, uiUrl: await findUi(address), environment: process.env, release: () => undefined };
}

function workerSettings({ stands }: StackOptions): { readonly role: string; readonly stand?: string }[] {
  const daq = stands.map((stand) => ({ role: 'daq', stand }));
  return [{ role: 'workflow' }, ...daq, { role: 'processing' }, { role: 'analysis' }];
}

function hookOf({ notify }: StackOptions): NodeJS.ProcessEnv {
  return notify === undefined ? {} : { [notifyVariable]: notify };
}

function superviseWorker(
  setting: { readonly role: string; readonly stand?: string },
  environment: NodeJS.ProcessEnv,
  options: StackOptions,
): Promise<Supervised> {
  const name = workerName(setting);
  const { analyses, python } = options;
  const log = (line: string): void => options.log(line.replace(/^((?:DEBUG|INFO|WARN|ERROR) )?/, `$1${name}: `));
  return supervise({
    name,
    graceMs: workerGraceMs,
    log: options.log,
    start: (stopping) =>
      startWorker({ ...setting, environment, analyses, python, log }, AbortSignal.any([stopping, options.signal])),
  });
}

/** Like `Promise.all`, but the others have settled too when it rejects: none comes up after the clean-up. */
async function allSettledOrThrow(promises: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(promises)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** The Web UI of a dev server lies 1000 above its port; undefined where nothing answers there within a second. */
async function findUi(address: string): Promise<string | undefined> {
  const [, host, port] = /^(.*):(\d+)$/.exec(address) ?? [];
  if (host === undefined || port === undefined) return undefined;
  const url = `http://${host}:${Number(port) + 1000}`;
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await answer.body?.cancel();
    return answer.ok ? url : undefined;
  } catch {
    return undefined;
  }
}
