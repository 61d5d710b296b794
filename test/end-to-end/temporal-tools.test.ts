import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import type { ScanResult } from '../../src/workflows/messages.js';
import { standWorkflowId } from '../../src/workflows/names.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { manifestLines, measuredRuns } from '../support/disk/scan-folder.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { temporalCli, withServer } from '../support/temporal/server.js';
import { startUp } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

/** What people do to a scan with Temporal's own command line. */
const procedure = 'injection_scan';
const server = withServer();
const { progress, standView } = scanClient(server);
let scan: RecordedScan;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 10 });
  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.4'));
  environment = { ...server.environment, XDG_STATE_HOME: temporaryFolder() };
  await startUp({ environment });
});

function temporal(...words: string[]): string {
  return execFileSync(temporalCli(), [...words, '--address', server.address], { encoding: 'utf8' });
}

function words(output: string, id: string): string[] {
  return ['run', scan.main, procedure, '--network', scan.network, '--output', output, '--id', id];
}

const runsOf = (output: string): number[] => manifestLines(output, procedure).map((line) => line.run);
const each = (runs: number[]): number[] => runs.toSorted((a, b) => a - b);
const all = [...Array(24).keys()];

test('an activity that acquires pauses after the run in hand, goes on when unpaused, and is not taken for done', async () => {
  const output = join(temporaryFolder(), 'out');
  const run = startCli(words(output, 'paused'), { env: environment });
  await waitUntil('some runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined));
  const well = `paused/daq/${procedure}`;
  const handle = server.client.workflow.getHandle(well);
  const acquire = async () =>
    (await handle.describe()).raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'acquire');
  const activityId = (await acquire())?.activityId ?? '';
  temporal('activity', 'pause', '--workflow-id', well, '--activity-id', activityId);
  await waitUntil('a pause', async () => ((await acquire())?.state === 4 ? true : undefined)); // PAUSED: none runs
  const seen = measuredRuns(output, procedure);
  expect(seen).toBeLessThan(24);
  expect((await acquire())?.activityId).toBe(activityId);
  temporal('activity', 'unpause', '--workflow-id', well, '--activity-id', activityId);
  expect((await run.ended).code).toBe(0);
  expect(each(runsOf(output))).toEqual(all);
});

describe('a scan that is reset', () => {
  test('still has its folder, ends what it had begun before, and goes on where that was', async () => {
    const output = join(temporaryFolder(), 'out');
    const first = startCli(words(output, 'reset'), { env: environment });
    await waitUntil('some runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined));
    temporal('workflow', 'reset', '--workflow-id', 'reset', '--type', 'FirstWorkflowTask', '--reason', 'test');
    const other = await runCli(words(output, 'other'), { env: environment });
    expect(other.code).toBe(1);
    expect(other.stderr).toContain("the scan 'reset' is writing into");
    expect((await first.ended).code).toBe(0); // whoever follows it goes on as well
    const result = (await server.client.workflow.getHandle('reset').result()) as ScanResult;
    expect(result.state).toBe('done');
    await waitUntil('a free stand', async () => ((await standView('local')).lease === null ? true : undefined));
    expect(each(runsOf(output))).toEqual(all);
  });
});

test('a stand that is idle goes on with a new run when a workflow worker starts', async () => {
  const handle = server.client.workflow.getHandle(standWorkflowId('local'));
  const { runId } = await handle.describe();
  await handle.signal('renew');
  await waitUntil('another run', async () => ((await handle.describe()).runId === runId ? undefined : true));
  expect((await standView('local')).lease).toBeNull();
  expect((await progress('paused')).phase).toBe('done');
});
