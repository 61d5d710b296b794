import { basename, dirname, resolve } from 'node:path';
import type { Connection } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { openConnection } from './connection.js';
import { freePort } from './free-port.js';
import { spawnGuarded, type Ending, type GuardedProcess } from '../processes/guarded-process.js';
import { prepareNamespace } from './namespace.js';
import { describeEnding, StartInterrupted } from '../processes/supervise.js';
import { readTemporalSettings, type TemporalSettings } from './settings.js';

export interface DevServerOptions {
  /** Path of the Temporal CLI. */
  readonly cli: string;
  /** gRPC port; 0: a free one. */
  readonly port: number;
  /** Port of the Web UI; 0: a free one; undefined: no Web UI. */
  readonly uiPort?: number | undefined;
  /** SQLite file that keeps all workflows; undefined: in memory. */
  readonly dbFilename?: string | undefined;
  readonly searchAttributes: readonly string[];
  readonly retentionDays: number;
  /** Called as soon as its process runs, long before it is ready; where that fails, it is ended. */
  readonly onStart?: (child: GuardedProcess) => Promise<void>;
  /** What the server prints, a line at a time. */
  readonly log: (line: string) => void;
  /** Ends a server that is just starting; one that runs is ended by `stop`. */
  readonly signal?: AbortSignal;
}

export interface DevServer {
  /** HOST:PORT of gRPC. */
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly child: GuardedProcess;
  /** Ends it: SIGTERM, after 10 s SIGKILL. */
  stop(): Promise<Ending>;
}

const host = '127.0.0.1';
const startSeconds = 60;
const trySeconds = 3;
const namespace = 'default';

/**
 * Starts `temporal server start-dev` and resolves when it answers and its namespace is prepared. It does not outlive
 * this process. Throws `ServerError` with the server's last lines where it does not come up.
 */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const tries = options.port === 0 ? 3 : 1; // between looking for a free port and using it another may take it
  for (let attempt = 1; ; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === tries || options.signal?.aborted) throw error;
      options.log(error instanceof Error ? error.message : String(error));
    }
  }
}

async function startOnce(options: DevServerOptions): Promise<DevServer> {
  const port = await takePort(options.port);
  const uiPort = options.uiPort === undefined ? undefined : await takePort(options.uiPort);
  const ports = { port, uiPort, httpPort: await takePort(0) };
  const last: string[] = [];
  const child = spawnGuarded(resolve(options.cli), serverArguments(options, ports), {
    onLine: (line) => {
      last.push(line);
      if (last.length > 5) last.shift();
      options.log(line);
    },
    orphanSeconds: 5,
    ...(options.dbFilename === undefined ? {} : { cwd: dirname(options.dbFilename), isPrivate: true }),
  });
  const address = `${host}:${port}`;
  const abort = (): void => child.kill();
  const over = new AbortController();
  options.signal?.addEventListener('abort', abort, { once: true });
  try {
    await options.onStart?.(child);
    await Promise.race([ready(address, options, over.signal), endedEarly(child, address, last)]);
  } catch (error) {
    child.kill();
    await child.ended;
    throw error;
  } finally {
    over.abort();
    options.signal?.removeEventListener('abort', abort);
  }
  const uiUrl = uiPort === undefined ? undefined : `http://${host}:${uiPort}`;
  return { address, uiUrl, child, stop: () => child.stop(10_000) };
}

async function takePort(wanted: number): Promise<number> {
  const port = await freePort(wanted);
  if (port !== undefined) return port;
  throw new DatenraffinerieError('ServerError', `port ${wanted} on ${host} is in use by another program`, {
    remedy: "end it, or take another port with 'up --port N' (0: a free one)",
  });
}

interface Ports {
  readonly port: number;
  readonly uiPort: number | undefined;
  /** Of the HTTP API, which the server always has. */
  readonly httpPort: number;
}

function serverArguments(options: DevServerOptions, { port, uiPort, httpPort }: Ports): string[] {
  const configuration = [
    'frontend.enableServerVersionCheck=false', // asks nobody in the internet for news
    // a page of the web that a browser here shows could else give its own name this address, and start scans
    `frontend.httpAllowedHosts=${JSON.stringify([`${host}:${httpPort}`, `localhost:${httpPort}`])}`,
    'matching.numTaskqueueReadPartitions=1', // one partition: tasks are handed out in the order they came
    'matching.numTaskqueueWritePartitions=1',
  ];
  return [
    ...['server', 'start-dev', '--ip', host, '--port', `${port}`, '--namespace', namespace],
    ...['--http-port', `${httpPort}`],
    ...['--log-level', 'error', '--log-format', 'text'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', `${uiPort}`]),
    // without its folder, in which the server runs: it would take ?, # and % in it for parts of a URL
    ...(options.dbFilename === undefined ? [] : ['--db-filename', basename(options.dbFilename)]),
    ...configuration.flatMap((setting) => ['--dynamic-config-value', setting]),
  ];
}

async function ready(address: string, options: DevServerOptions, over: AbortSignal): Promise<void> {
  const settings = { ...readTemporalSettings(), address, namespace, connectionOptions: { address } };
  const connection = await connect(settings, over);
  try {
    await prepareNamespace(connection, namespace, options);
  } finally {
    await connection.close();
  }
}

/** In short tries: one at a server that has ended meanwhile cannot be called off, and keeps this process alive. */
async function connect(settings: TemporalSettings, over: AbortSignal): Promise<Connection> {
  for (const end = Date.now() + 1000 * startSeconds; ;) {
    try {
      return await openConnection(settings, 1000 * trySeconds);
    } catch (error) {
      if (over.aborted || Date.now() > end) throw error;
    }
  }
}

async function endedEarly(child: GuardedProcess, address: string, last: readonly string[]): Promise<never> {
  const ending = await child.ended;
  const text = last.length === 0 ? '' : `: ${last.join(' | ')}`;
  const Reason = ending.signal === null ? DatenraffinerieError : StartInterrupted;
  throw new Reason(
    'ServerError',
    `the Temporal server for ${address} ended at once (${describeEnding(ending)})${text}`,
  );
}
