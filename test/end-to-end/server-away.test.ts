import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { manifestLines, measuredRuns } from '../support/disk/scan-folder.js';
import { runCli, startCli, type RunningCli } from '../support/temporal/cli.js';
import { withServer } from '../support/temporal/server.js';
import { startUp } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

/** The client library gives up after about 20 s, an attempt is missed after 5 s; above 30 each phase is tried. */
const awaySeconds = Number(process.env['DATENRAFFINERIE_TEST_AWAY_SECONDS'] ?? 25);
const procedure = 'injection_scan';

const server = withServer();
let scan: RecordedScan;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 10 });
  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.5'));
  environment = { ...server.environment, XDG_STATE_HOME: temporaryFolder() };
  await startUp({ environment });
});

/** When the server goes; how one knows that it is then. */
const phases: Readonly<Record<string, (output: string, run: RunningCli) => Promise<unknown>>> = {
  opening: (_, run) => run.waitForLine(/^scan /),
  acquiring: (output) => waitUntil('some runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined)),
  merging: (output) => waitUntil('all runs', () => (measuredRuns(output, procedure) >= 24 ? true : undefined)),
};
const tried = awaySeconds > 30 ? Object.keys(phases) : ['acquiring'];

test.each(tried)(
  'a server that is away while %s ends neither scan nor what follows it, and costs no run',
  async (phase) => {
    const output = join(temporaryFolder(), 'out');
    const words = ['run', scan.main, procedure, '--network', scan.network, '--output', output, '--id', phase];
    const run = startCli(words, { env: environment });
    await phases[phase](output, run);
    const watch = startCli(['watch', phase], { env: environment });
    await watch.waitForLine(/\S/);
    await server.kill();
    await Promise.all([run, watch].map((cli) => cli.waitForLine(/the Temporal server does not answer/, 60_000)));
    await delay(1000 * awaySeconds);
    await server.restart();
    expect([(await run.ended).code, (await watch.ended).code]).toEqual([0, 0]);
    const runs = manifestLines(output, procedure).map((line) => line.run);
    expect(runs.toSorted((a, b) => a - b)).toEqual([...Array(24).keys()]); // each of them once
  },
  300_000,
);

test('a command that a server does not answer says so', async () => {
  await server.kill();
  const { code, stderr } = await runCli(['list'], { env: environment });
  await server.restart();
  expect(code).toBe(1);
  expect(stderr).toContain('no Temporal server answers');
});
