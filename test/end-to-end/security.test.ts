import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { Push } from 'zeromq';
import { beforeAll, expect, test } from 'vitest';
import { ServiceWaits } from '../../src/io/stand/link/service-waits.js';
import { formatCsv } from '../../src/domain/analysis/csv.js';
import { markdownText } from '../../src/domain/foreign-text.js';
import type { ScanContext } from '../../src/domain/scan/tasks.js';
import { runUserCommand } from '../../src/io/processes/user-command.js';
import { startLiveServer } from '../../src/io/report/live-server.js';
import { PullChannel } from '../../src/io/stand/link/sockets.js';
import { BoardLock } from '../../src/io/stand/locks/board-lock.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { runCli } from '../support/temporal/cli.js';
import { cleanEnvironment } from '../support/temporal/server.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { childrenOf } from '../support/tools/processes.js';
import { readText } from '../support/tools/markdown.js';

// docs/security.md, line by line: a server and workers with roots, and somebody who reaches the server's port.
const inside = temporaryFolder();
const outputs = temporaryFolder();
const outside = temporaryFolder();
const state = temporaryFolder();
const secret = 'open-sesame-4711';
let up: Up;
let client: Client;
let scan: RecordedScan;

beforeAll(async () => {
  scan = await writeRecordedScan(join(inside, 'scan'), { seed: 5, events: 10, phases: 1, calibs: 2 });
  const roots = { DATENRAFFINERIE_CONFIG_ROOTS: inside, DATENRAFFINERIE_OUTPUT_ROOTS: outputs };
  up = await startUp({ base: { ...cleanEnvironment(), ...roots, XDG_STATE_HOME: state } });
  client = new Client({ connection: await Connection.connect({ address: up.address }) });
});

let number = 0;
type Input = Record<string, unknown>;

const usual = (more: Input = {}): Input => ({
  config: scan.main,
  procedures: ['injection_scan'],
  network: scan.network,
  output: join(outputs, `out-${++number}`),
  stand: 'local',
  ...more,
});

/** A scan that somebody starts with Temporal's own tools; how it fails, or 'done'. */
async function start(input: Input, workflow = 'valveYard'): Promise<string> {
  const options = { taskQueue: 'datenraffinerie', workflowId: `s-${number}`, args: [input] };
  try {
    await client.workflow.execute(workflow, options);
    return 'done';
  } catch (error) {
    let cause: unknown = error;
    while (cause instanceof Error && (cause instanceof WorkflowFailedError || cause.cause instanceof Error))
      cause = cause.cause;
    return cause instanceof Error ? cause.message : String(cause);
  }
}

/** A network file whose command leaves a trace. */
function commandNetwork(mode: number): { readonly file: string; readonly trace: string } {
  const trace = join(temporaryFolder(), 'trace');
  const file = join(dirname(scan.network), `network-${++number}.yaml`);
  writeFileSync(file, `${readFileSync(scan.network, 'utf8')}slow_readings: "touch ${trace}; echo 't: 1'"\n`);
  chmodSync(file, mode);
  return { file, trace };
}

/** Status of a request under a host's name, and from an origin. */
function ask(url: string, host: string, origin?: string): Promise<number> {
  const headers = { host, ...(origin === undefined ? {} : { origin }) };
  return new Promise((resolve, reject) => {
    request(url, { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

/** Ports of the own server, by the name of its argument. */
function portOf(argument: string): string {
  const [server] = childrenOf(up.cli.pid, /server start-dev/);
  return new RegExp(`${argument} (\\d+)`).exec(server?.args ?? '')?.[1] ?? '';
}

const lines: Readonly<Record<string, () => Promise<void>>> = {
  'a network file with a command that everybody can write': async () => {
    const { file, trace } = commandNetwork(0o666);
    expect(await start(usual({ network: file }))).toContain('which is not run: everybody can write it');
    expect(existsSync(trace)).toBe(false);
    const trusted = commandNetwork(0o644);
    expect(await start(usual({ network: trusted.file }))).toBe('done'); // what is refused is not the command itself
    expect(existsSync(trusted.trace)).toBe(true);
  },

  'a command in a copy of a network file that no worker of ours has made': async () => {
    const { loadNetwork } = await import('../../src/io/configuration/frozen-network.js');
    const { textSha256 } = await import('../../src/io/files.js');
    const { file } = commandNetwork(0o644);
    const path = join(outputs, 'planted', '.scan', 'network.yaml');
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, readFileSync(file));
    const reference: ScanContext['network'] = { path, sha256: textSha256(readFileSync(file)) };
    await expect(loadNetwork(reference)).rejects.toThrow('which is not run');
  },

  'a configuration outside `DATENRAFFINERIE_CONFIG_ROOTS`': async () => {
    symlinkSync(outside, join(inside, 'link'));
    for (const config of [join(outside, 'none.yaml'), join(inside, 'link', 'none.yaml')]) {
      expect(await start(usual({ config }))).toContain(`${config} is outside the folders that may be read`);
    }
  },

  'recorded files outside `DATENRAFFINERIE_CONFIG_ROOTS`': async () => {
    const network = join(inside, 'elsewhere.yaml');
    writeFileSync(network, readFileSync(scan.network, 'utf8').replace(/^folder:.*$/m, `folder: ${outside}`));
    expect(await start(usual({ network }))).toContain(`${outside} is outside the folders that may be read`);
  },

  'an output folder outside `DATENRAFFINERIE_OUTPUT_ROOTS`': async () => {
    symlinkSync(outside, join(outputs, 'link'));
    for (const output of [join(outside, 'out'), join(outputs, 'link', 'out')]) {
      expect(await start(usual({ output }))).toContain(`${output} is outside the folders that may be written`);
    }
    expect(readdirSync(outside)).toEqual([]);
  },

  '`fresh` for a folder that holds other things': async () => {
    const output = join(outputs, 'home');
    mkdirSync(join(output, 'thesis'), { recursive: true });
    expect(await start(usual({ output, fresh: true }))).toContain('is no output folder of ours');
    expect(readdirSync(output)).toEqual(['thesis']);
  },

  'an analysis by a path': async () => {
    const config = join(inside, 'by-path.yaml');
    writeFileSync(config, 'procedures: [{name: a, type: analysis, daq: b, module_name: ../../tmp/evil}]\n');
    expect(await start(usual({ config, procedures: ['a'] }))).toMatch(/by-path\.yaml:1:\d+: '\.\.\/\.\.\/tmp\/evil'/);
  },

  'a look into the state folder (database, tokens, locks)': async () => {
    const modes = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((entry) => entry.isFile() && (statSync(join(entry.parentPath, entry.name)).mode & 0o077) !== 0)
        .map(({ name }) => name);
    const own = join(state, 'datenraffinerie');
    expect(statSync(own).mode & 0o777).toBe(0o700);
    expect(modes(own)).toEqual([]);
    expect(modes(up.data)).toEqual([]);
    expect(statSync(up.data).mode & 0o777).toBe(0o700);
  },

  "a link in the place of a board's lock": async () => {
    const port = 40_000 + (process.pid % 20_000);
    const victim = join(outside, '..', `${outside.split('/').at(-1)}-victim`);
    const folder = existsSync('/run/lock') && (statSync('/run/lock').mode & 0o002) !== 0 ? '/run/lock' : '/tmp';
    const lock = join(folder, `datenraffinerie-board-127.0.0.1-${port}.lock`);
    writeFileSync(victim, 'mine');
    symlinkSync(victim, lock);
    try {
      const taking = BoardLock.take({ hostname: '127.0.0.1', port }, new AbortController().signal);
      await expect(taking).rejects.toMatchObject({ type: 'StorageError' });
      expect(readFileSync(victim, 'utf8')).toBe('mine');
    } finally {
      const { rmSync } = await import('node:fs');
      rmSync(lock);
      rmSync(victim);
    }
  },

  "Temporal's HTTP API under a name of its own": async () => {
    const port = portOf('--http-port');
    const url = `http://127.0.0.1:${port}/api/v1/namespaces`;
    expect(await ask(url, `127.0.0.1:${port}`)).toBe(200);
    expect(await ask(url, `localhost:${port}`)).toBe(200);
    for (const host of [`evil.example:${port}`, 'evil.example']) {
      expect(await ask(url, host), host).toBe(403);
    }
  },

  'the live page of `report --live` under a name or from an origin of its own': async () => {
    const page = await startLiveServer(join(outputs, 'out-1'));
    const { host } = new URL(page.url);
    try {
      expect(await ask(page.url, host)).not.toBe(403);
      expect(await ask(page.url, host, `http://${host}`)).not.toBe(403);
      expect(await ask(page.url, 'evil.example')).toBe(403);
      expect(await ask(page.url, `evil.example:${host.split(':')[1]}`)).toBe(403);
      expect(await ask(page.url, host, 'http://evil.example')).toBe(403);
    } finally {
      await page.close();
    }
  },

  "Temporal's Web UI under a name of its own": async () => {
    expect(await ask(up.uiUrl, 'evil.example')).toBe(200);
    const without = await startUp({ args: ['--no-ui'] });
    expect(without.uiUrl).toBe('none');
    await without.stop();
  },

  'secrets in its environment': async () => {
    const names = ['TEMPORAL_API_KEY', 'DATENRAFFINERIE_NOTIFY', 'GITLAB_TOKEN', 'DB_PASSWORD'];
    for (const name of names) process.env[name] = secret;
    try {
      const { stdout } = await runUserCommand('env', { seconds: 10 });
      expect(stdout).toContain('PATH=');
      expect(stdout).not.toContain(secret);
    } finally {
      for (const name of names) delete process.env[name];
    }
  },

  'sequences that steer a terminal': async () => {
    const { stderr } = await runCli(['validate', join(inside, 'no\u001b[2Jfile.yaml')], { env: up.environment });
    expect(stderr).toContain('no\\x1b[2Jfile.yaml');
    expect(stderr).not.toContain('\u001b');
  },

  "formulas in CSV files, links in the Web UI's text": async () => {
    expect(formatCsv([{ name: 'chip', values: ['=1+1'] }])).toBe("chip\n'=1+1\n");
    expect(markdownText('[a](b)')).toBe('\\[a\\](b)');
  },

  'replies or messages without measure, a stream that never falls silent': async () => {
    const { signal } = new AbortController();
    const socket = new Push({ linger: 0 });
    await socket.bind('tcp://127.0.0.1:*');
    const port = Number(socket.lastEndpoint?.split(':').at(-1));
    const data = new PullChannel({ service: 'data stream', hostname: '127.0.0.1', port }, new ServiceWaits());
    await data.connected({ seconds: 5, signal });
    const dripping = setInterval(() => void socket.send('x').catch(() => undefined), 20);
    try {
      await expect(data.drain(0.1, { seconds: 0.5, signal })).rejects.toMatchObject({ type: 'LinkError' });
    } finally {
      clearInterval(dripping);
      data.close();
      socket.close();
    }
  },

  'files, nesting, templates, plans without measure': async () => {
    const config = join(inside, 'deep.yaml');
    writeFileSync(config, `procedures: ${'['.repeat(20_000)}\n`);
    expect(await start(usual({ config }))).toContain('nested deeper than 100 levels');
    writeFileSync(config, ' '.repeat(17 * 1024 * 1024));
    expect(await start(usual({ config }))).toContain('too much for a configuration');
  },
};

const rows = readText('docs/security.md')
  .split('\n')
  .filter((line) => /^\| (?!who \||---)/.test(line))
  .map((line) => line.split(' | ')[1]);

test('every line of the table has its test', () => {
  expect(Object.keys(lines)).toEqual(rows);
});

test.each(rows)('%s', async (row) => {
  await lines[row]();
});
