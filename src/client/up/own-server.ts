import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { readIfExists, writeFileAtomic } from '../../io/files.js';
import { startDevServer, type DevServer } from '../../io/temporal/dev-server.js';
import { freePort } from '../../io/temporal/free-port.js';
import { processIdentity } from '../../io/processes/process-identity.js';
import { describeHolder, tryProcessLock, type ProcessLock } from '../../io/processes/process-lock.js';
import { watchServer } from '../../io/temporal/server-watch.js';
import { supervise, type Supervised } from '../../io/processes/supervise.js';
import { stateFolder } from '../../io/user.js';
import { findTemporalCli } from '../../io/temporal/cli.js';
import { searchAttributeNames } from '../../workflows/names.js';

/** How long the dev server keeps closed scans, so that they can be looked up in its Web UI. */
const retentionDays = 90;

export interface OwnServerOptions {
  /** 0: a free one. */
  readonly port: number;
  /** Whether it has a Web UI. */
  readonly ui: boolean;
  /** Folder of the database; made where it does not exist. */
  readonly data: string;
  readonly log: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface OwnServer {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly process: Supervised;
  readonly lock: ProcessLock;
}

/** A dev server with its database in `data`, started again on the same port when it dies. One for a folder. */
export async function startOwnServer(options: OwnServerOptions): Promise<OwnServer> {
  const cli = await findTemporalCli(options);
  const lock = await lockFolder(options.data);
  try {
    const record = join(options.data, 'server.pid');
    await endLeftOver(record, options.log);
    let ports = { port: options.port, uiPort: options.ui ? await chooseUiPort(options.port) : undefined };
    let server: DevServer | undefined;
    const process = await supervise({
      name: 'Temporal server',
      graceMs: 10_000,
      log: options.log,
      start: async (stopping) => {
        server = await startDevServer({
          cli,
          ...ports,
          dbFilename: join(options.data, 'temporal.db'),
          searchAttributes: searchAttributeNames,
          retentionDays,
          onStart: ({ pid }) => writeFileAtomic(record, `${processIdentity(pid ?? 0) ?? ''}\n`, 0o600),
          log: (line) => logServerLine(line, options.log),
          signal: AbortSignal.any([stopping, options.signal]),
        });
        ports = { port: portOf(server.address), uiPort: server.uiUrl === undefined ? undefined : portOf(server.uiUrl) };
        watchServer(server, options.log);
        return server.child;
      },
    });
    return { address: server?.address ?? '', uiUrl: server?.uiUrl, process, lock };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function lockFolder(data: string): Promise<ProcessLock> {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 }); // what is in it can start commands of ours
    if (data === stateFolder()) chmodSync(data, 0o700); // version 2.0.0 let others look in
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DatenraffinerieError('ConfigError', `the folder '${data}' cannot be made: ${why}`, { cause: error });
  }
  const lock = await tryProcessLock(join(data, 'up.lock'));
  if ('release' in lock) return lock;
  const { holder } = lock;
  const how = holder === undefined ? '' : ` ('kill ${holder}')`;
  throw new DatenraffinerieError('BusyError', `${describeHolder(holder)} already runs a Temporal server on '${data}'`, {
    remedy: `use that one, or end it${how}, or give another folder with --data`,
  });
}

/**
 * A server whose `up` was killed is ended by its watcher within seconds. Two servers on one database would spoil it, so
 * it is waited for, and killed where the watcher is gone too.
 */
async function endLeftOver(record: string, log: (text: string) => void): Promise<void> {
  const identity = await readRecord(record);
  const pid = Number.parseInt(identity, 10);
  const lives = (): boolean => pid > 0 && processIdentity(pid) === identity;
  if (!lives()) return;
  log(`waiting for the Temporal server of an earlier 'up' (pid ${pid}) to end`);
  for (const end = Date.now() + 8000; lives() && Date.now() < end;) await delay(100);
  if (lives()) process.kill(pid, 'SIGKILL');
  while (lives()) await delay(20);
}

/** A server that is not known of would not be waited for. */
async function readRecord(record: string): Promise<string> {
  try {
    return ((await readIfExists(record)) ?? '').trim();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DatenraffinerieError('StorageError', `the record of the last server, ${record}, cannot be read: ${why}`, {
      remedy: 'see that no Temporal server runs on this folder, and remove the record',
      cause,
    });
  }
}

/** The UI's usual place is 1000 above; where that is taken, or the port is free to choose, any free one. */
async function chooseUiPort(port: number): Promise<number> {
  if (port === 0 || port + 1000 > 65_535) return 0;
  return (await freePort(port + 1000)) ?? 0;
}

function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1] ?? 0);
}

/** Its banner repeats what we print ourselves. */
function logServerLine(line: string, log: (text: string) => void): void {
  if (line === '' || /^(CLI |Server:|UI:|Metrics:|Stopping server|Temporal Server|Web UI)/.test(line)) return;
  log(`Temporal server: ${line}`);
}
