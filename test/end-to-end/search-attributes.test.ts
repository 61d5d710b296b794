import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDevServer, type DevServer } from '../../src/io/temporal/dev-server.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { searchAttributeNames } from '../../src/workflows/names.js';
import { databaseFolder, temporaryFolder } from '../support/disk/folders.js';
import { runCli, startCli, type RunningCli } from '../support/temporal/cli.js';
import { cleanEnvironment, temporalCli } from '../support/temporal/server.js';
import { waitUntil } from '../support/tools/processes.js';

// A server that nobody has prepared: what it cannot search by is left out, and told once.
const folder = temporaryFolder();
let server: DevServer;
let client: Client;
let worker: RunningCli;
let scan: RecordedScan;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const dbFilename = join(databaseFolder(), 'temporal.db');
  const log = (): void => undefined;
  const options = { cli: temporalCli(), port: 0, dbFilename, searchAttributes: [], retentionDays: 1, log };
  server = await startDevServer(options);
  env = { ...cleanEnvironment(), TEMPORAL_ADDRESS: server.address };
  client = new Client({ connection: await Connection.connect({ address: server.address }) });
  scan = await writeRecordedScan(join(folder, 'scan'), { seed: 5, events: 10 });
  worker = startCli(['worker', 'workflow', 'daq', 'processing', 'analysis', '--stand', 'local'], { env });
  await worker.waitForLine(/^ready/);
});
afterAll(async () => {
  await worker.stop();
  await server.stop();
});

async function run(id: string): Promise<number | null> {
  const where = ['--network', scan.network, '--output', join(folder, id), '--id', id];
  const who = ['--board', 'B7', '--operator', 'anna'];
  return (await runCli(['run', scan.main, 'injection_scan', ...where, ...who], { env })).code;
}

const commandsSaid = (): string[] =>
  worker.stderr.flatMap((line) => /temporal operator search-attribute create .*/.exec(line) ?? []);

async function attributesOf(id: string): Promise<string[]> {
  const { typedSearchAttributes } = await client.workflow.getHandle(id).describe();
  return typedSearchAttributes.getAll().map(({ key, value }) => `${key.name}=${String(value)}`);
}

test('a scan goes on without them; the command that is told adds them, without a new worker', async () => {
  expect(await run('unknown')).toBe(0);
  expect((await attributesOf('unknown')).filter((each) => each.startsWith('Drf'))).toEqual([]);
  expect(await run('again')).toBe(0);
  expect(commandsSaid().length).toBe(searchAttributeNames.length);
  for (const command of commandsSaid()) await promisify(execFile)(temporalCli(), command.split(' ').slice(1), { env });
  expect(await run('known')).toBe(0);
  const output = join(folder, 'known');
  expect(await attributesOf('known')).toEqual(
    expect.arrayContaining([
      ...['DrfStand=local', 'DrfPhase=done', `DrfOutput=${output}`, 'DrfBoard=B7', 'DrfOperator=anna'],
    ]),
  );
  const found = await waitUntil('what the server lists', async () => {
    const all = [];
    for await (const { type, workflowId } of client.workflow.list({ query: 'DrfBoard="B7" AND DrfPhase="done"' }))
      all.push(`${type} ${workflowId}`);
    return all.length === 2 ? all.sort() : undefined;
  });
  expect(found).toEqual(['valveYard known', 'well known/daq/injection_scan']);
});
