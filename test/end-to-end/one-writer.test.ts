import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { databaseFolder, temporaryFolder } from '../support/disk/folders.js';
import { manifestLines, measuredRuns } from '../support/disk/scan-folder.js';
import { runCli } from '../support/temporal/cli.js';
import { cleanEnvironment, temporalCli } from '../support/temporal/server.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// A folder has one writer, whatever Temporal server it belongs to: nothing but the folder is shared.
const procedure = 'injection_scan';
const data = [join(databaseFolder(), 'one'), join(databaseFolder(), 'two')];
const states = [temporaryFolder(), temporaryFolder()];
let scan: RecordedScan;
let ups: Up[];

beforeAll(async () => {
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5, events: 10 });
  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.5'));
  ups = await Promise.all([startLab(0), startLab(1)]);
});

/** A server with workers of its own, as on a computer of its own. */
function startLab(n: number): Promise<Up> {
  const environment = { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli(), XDG_STATE_HOME: states[n] };
  return startUp({ data: data[n], base: environment });
}

function run(n: number, output: string, id: string, ...more: string[]): ReturnType<typeof runCli> {
  const words = ['run', scan.main, procedure, '--network', scan.network, '--output', output, '--id', id, ...more];
  return runCli(words, { env: ups[n].environment });
}

async function begin(n: number, output: string, id: string): Promise<void> {
  expect((await run(n, output, id, '--detach')).code).toBe(0);
  await waitUntil('some runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined));
}

function expectEachOnce(output: string): void {
  const runs = manifestLines(output, procedure).map((line) => line.run);
  expect(new Set(runs).size).toBe(scan.runs);
  expect(runs.length - scan.runs, 'runs measured twice').toBeLessThanOrEqual(2);
}

test('a second server is refused while the first one has the folder, and when it says that it takes over', async () => {
  const output = join(temporaryFolder(), 'out');
  await begin(0, output, 'first');
  const tell = (word: string) => runCli([word, 'first'], { env: ups[0].environment });
  expect((await tell('pause')).code).toBe(0); // it stays in the middle, however slow this machine is
  const second = await run(1, output, 'second');
  expect(second.code).toBe(1);
  expect(second.stderr).toContain("the scan 'first' of another Temporal server (namespace default, ");
  expect(second.stderr).toContain('--take-over where that server is gone for good');
  const taking = await run(1, output, 'third', '--take-over');
  expect(taking.code).toBe(1);
  expect(taking.stderr).toContain('lives: it said so');
  expect((await tell('resume')).code).toBe(0);
  expect((await run(0, output, 'first')).code).toBe(0); // attaches
  expectEachOnce(output);
  expect((await run(1, output, 'fourth')).code).toBe(0); // it is closed
  expect(measuredRuns(output, procedure)).toBe(scan.runs);
});

test('a server that is gone for good loses its folder to who says so', async () => {
  const output = join(temporaryFolder(), 'out');
  await begin(0, output, 'lost');
  await ups[0].kill();
  expect((await run(1, output, 'not-asked')).code).toBe(1);
  expect((await run(1, output, 'taker', '--take-over')).code).toBe(0);
  expectEachOnce(output);
  ups[0] = await startLab(0); // comes back, finds its folder taken, and leaves it alone
  const { stderr, code } = await runCli(['watch', 'lost'], { env: ups[0].environment });
  expect(stderr).toContain("was taken over by the scan 'taker'");
  expect(code).not.toBe(0);
  expectEachOnce(output);
});

test('a server of the same place whose database was lost goes on by itself', async () => {
  const output = join(temporaryFolder(), 'out');
  await begin(1, output, 'forgotten');
  await ups[1].kill();
  for (const name of readdirSync(data[1])) if (name.startsWith('temporal.db')) rmSync(join(data[1], name));
  ups[1] = await startLab(1);
  expect((await run(1, output, 'after')).code).toBe(0);
  expectEachOnce(output);
});
