import { randomUUID } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ScanProgress } from '../../src/workflows/messages.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { manifestLines, measuredRuns } from '../support/disk/scan-folder.js';
import { freePort } from '../../src/io/temporal/free-port.js';
import { freePortBlock } from '../support/stand/free-ports.js';
import { gridProcedure, gridRuns, writeInjectionGrid } from '../support/tables/injection-grid.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { withServer } from '../support/temporal/server.js';
import { startUp } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// A table is of one stand and one board, whatever happens to the user's network file.
const server = withServer();
const folder = temporaryFolder();
const name = `s-${randomUUID().slice(0, 8)}`;
const stands = [`${name}-1`, `${name}-2`];
/** One for each board, with the name of its stand. */
const networks = [join(folder, 'network.yaml'), join(folder, 'network-2.yaml')];
const timeouts = 'timeouts: {command: 2, silence: 1, run: 10}\n';
let environment: NodeJS.ProcessEnv;
let main: string;

beforeAll(async () => {
  environment = { ...server.environment, XDG_STATE_HOME: temporaryFolder() };
  main = writeInjectionGrid(join(folder, 'configuration'));
  const first = await freePortBlock(5, 2);
  const services = ['slowControl', 'daq', 'data', 'client', 'coordinator'];
  const ports = services.map((service, n) => `${service}=${first + n}`).join(',');
  const args = ['--boards', '2', '--chips', '1', '--run-seconds', '0.06', '--ports', ports];
  const simulator = startCli(['simulate', ...args, '--write-network', networks[0]]);
  await simulator.waitForLine(/^ready simulator-2 /);
  for (const [board, file] of networks.entries()) {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^name:.*$/m, '') + `\nname: ${stands[board]}\n${timeouts}`);
  }
  await startUp({ environment, args: stands.flatMap((stand) => ['--stand', stand]) });
});

function cli(...words: string[]): ReturnType<typeof runCli> {
  return runCli(words, { env: environment });
}

function words(network: string, output: string, id: string): string[] {
  return ['run', main, gridProcedure, '--network', network, '--output', output, '--id', id];
}

async function progressOf(id: string): Promise<ScanProgress> {
  return JSON.parse((await cli('status', id, '--json')).stdout) as ScanProgress;
}

/** Stand and address of every run on record. */
function places(output: string): Set<string> {
  return new Set(manifestLines(output, gridProcedure).map(({ stand, address }) => `${stand} ${address}`));
}

test.each([
  ['finished', () => readFileSync(networks[1], 'utf8')],
  ['unfinished', () => 'server: {hostname'],
])('an edit of the network file that is %s changes nothing for a scan that runs', async (id, edited) => {
  const file = join(folder, `${id}.yaml`);
  copyFileSync(networks[0], file);
  const output = join(folder, id);
  const run = startCli(words(file, output, id), { env: environment });
  await waitUntil('some runs', () => (measuredRuns(output, gridProcedure) >= 3 ? true : undefined));
  expect((await cli('pause', id)).code).toBe(0);
  await waitUntil('a pause', async () => ((await progressOf(id)).phase === 'paused' ? true : undefined));
  expect(measuredRuns(output, gridProcedure)).toBeLessThan(gridRuns);
  writeFileSync(file, edited());
  expect((await cli('resume', id)).code).toBe(0);
  expect((await run.ended).code).toBe(0);
  expect(measuredRuns(output, gridProcedure)).toBe(gridRuns);
  expect(places(output).size).toBe(1);
  expect([...places(output)][0]).toMatch(new RegExp(`^${stands[0]} \\S+:\\d+$`));
  expect(readFileSync(join(output, '.scan', 'network.yaml'), 'utf8')).toContain(stands[0]);
});

test('a wrong address is mended with resume --network, a file of another stand is refused', async () => {
  const good = readFileSync(networks[0], 'utf8');
  const wrong = join(folder, 'wrong.yaml');
  const port = String(await freePort(0));
  writeFileSync(wrong, good.replace(/(sc_ctrl_port: |target: .*port: )\d+/, `$1${port}`));
  expect(readFileSync(wrong, 'utf8')).not.toBe(good);
  const output = join(folder, 'mended');
  const run = startCli(words(wrong, output, 'mended'), { env: environment });
  await waitUntil('a try that is told', async () => {
    const { waiting } = await progressOf('mended').catch(() => ({ waiting: undefined }));
    return waiting?.kind === 'link' ? true : undefined;
  });
  const other = await cli('resume', 'mended', '--network', networks[1]);
  expect(other.code).toBe(2);
  expect(other.stderr).toContain(`name is '${stands[1]}', the scan's '${stands[0]}'`);
  const missing = await cli('resume', 'mended', '--network', join(folder, 'none.yaml'));
  expect(missing.code).toBe(2);
  expect(missing.stderr).toContain('there is no such file');
  const mended = await cli('resume', 'mended', '--network', networks[0]);
  expect(mended.stderr).toContain('the stand is reached as');
  expect(mended.code).toBe(0);
  expect((await run.ended).code).toBe(0);
  expect(places(output).size).toBe(1);
  expect([...places(output)][0]).not.toContain(port);
});

test('runs of another stand are not reused, unless they are to be', async () => {
  const output = join(folder, 'mixed');
  expect((await cli(...words(networks[0], output, 'mixed-1'))).code).toBe(0);
  const why = `was measured at stand ${stands[0]}, not ${stands[1]}`;
  const plan = (...more: string[]) =>
    cli('plan', main, gridProcedure, '--output', output, '--network', networks[1], ...more);
  expect((await plan()).stdout).toContain(`${gridRuns} runs: ${why}`);
  expect((await plan('--any-stand')).stdout).not.toContain(why);
  const board = await cli('plan', main, gridProcedure, '--output', output, '--board', 'B1');
  expect(board.stdout).toContain(`${gridRuns} runs: was measured without the name of a board, B1 given`);

  expect((await cli(...words(networks[1], output, 'kept'), '--any-stand')).code).toBe(0);
  expect(measuredRuns(output, gridProcedure)).toBe(gridRuns);

  expect((await cli(...words(networks[1], output, 'mixed-2'))).code).toBe(0);
  expect((await progressOf('mixed-2')).procedures[0].reasons[0]).toBe(`run 0 ${why}`);
  const lines = manifestLines(output, gridProcedure).slice(gridRuns);
  expect(lines.map(({ stand }) => stand)).toEqual(Array<string>(gridRuns).fill(stands[1]));
});
