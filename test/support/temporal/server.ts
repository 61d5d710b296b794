import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll } from 'vitest';
import { startDevServer, type DevServer } from '../../../src/io/temporal/dev-server.js';
import { searchAttributeNames } from '../../../src/workflows/names.js';
import { databaseFolder, root, temporaryFolder } from '../disk/folders.js';

/** A Temporal dev server for one test file: free port, database of its own, ended with the file. */
export interface TestServer {
  /** HOST:PORT. */
  readonly address: string;
  readonly namespace: 'default';
  /** Connected for the whole file. */
  readonly client: Client;
  /** The test's environment with this server as the configured one, and no other setting of Temporal. */
  readonly environment: NodeJS.ProcessEnv;
  /** pid of the server. */
  readonly pid: number;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again with the same port and database, after `kill`. */
  restart(): Promise<void>;
}

/**
 * To be called at the top of a test file; the server can be used in hooks after it and in tests.
 * @param settings of its dynamic configuration: `KEY=JSON`
 */
export function withServer(...settings: readonly string[]): TestServer {
  let current: DevServer | undefined;
  let client: Client | undefined;
  let dbFilename = '';
  const start = async (port: number): Promise<void> => {
    const cli = settings.length === 0 ? temporalCli() : cliWith(settings);
    const log = (): void => undefined; // its last lines stand in the error if it does not come up
    current = await startDevServer({
      cli,
      port,
      dbFilename,
      searchAttributes: searchAttributeNames,
      retentionDays: 1,
      log,
    });
  };
  beforeAll(async () => {
    dbFilename = join(databaseFolder(), 'temporal.db');
    await start(0);
    const connection = await Connection.connect({ address: there(current).address });
    client = new Client({ connection });
  });
  // the connection goes with the process: a call of a worker that has ended may wait for its next try, which throws out
  // of a timer where the channel is closed
  afterAll(() => current?.stop());
  return {
    namespace: 'default',
    get address() {
      return there(current).address;
    },
    get client() {
      return there(client);
    },
    get environment() {
      return { ...cleanEnvironment(), TEMPORAL_ADDRESS: there(current).address };
    },
    get pid() {
      return there(there(current).child.pid);
    },
    kill: async () => {
      there(current).child.kill();
      await there(current).child.ended;
    },
    restart: () => start(Number(there(current).address.split(':')[1])),
  };
}

/** This process' environment without what would lead to a server or CLI profile of the user. */
export function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(kept), TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml' };
}

let found: string | undefined;

/** The Temporal CLI, found or made by the project's own command; where it must be built, this takes minutes. */
export function temporalCli(): string {
  const program = join(root, 'bin', 'datenraffinerie.js');
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit'];
  found ??= execFileSync(process.execPath, [program, 'setup'], { encoding: 'utf8', stdio }).trim();
  return found;
}

/** A program that starts the server with these settings beside the usual ones. */
function cliWith(settings: readonly string[]): string {
  const more = settings.map((setting) => `--dynamic-config-value '${setting}'`).join(' ');
  const path = join(temporaryFolder(), 'temporal');
  writeFileSync(path, `#!/bin/sh\nexec '${temporalCli()}' "$@" ${more}\n`, { mode: 0o755 });
  return path;
}

function there<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test server is there only after beforeAll');
  return value;
}
