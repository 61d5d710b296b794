import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import type { ScanSummary } from '../../src/client/scan/scan-summary.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { runCli } from '../support/temporal/cli.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// What `list` and `status` say of scans that end in each way.
let up: Up;
let scan: RecordedScan;
const folder = temporaryFolder();
const cli = (...words: string[]) => runCli(words, { env: up.environment });
const output = (id: string): string => join(folder, id);

beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5, events: 10, runSeconds: 0.5 });
});

function run(id: string, ...more: string[]): ReturnType<typeof cli> {
  const words = ['run', scan.main, 'injection_scan', '--network', scan.network, '--output', output(id), '--id', id];
  return cli(...words, ...more);
}

async function listed(id: string): Promise<ScanSummary | undefined> {
  const all = JSON.parse((await cli('list', '--json')).stdout) as ScanSummary[];
  return all.find((each) => each.id === id);
}

/** The server's list is a little behind. */
function untilPhase(id: string, phase: string): Promise<ScanSummary> {
  return waitUntil(`${id} is ${phase}`, async () => {
    const found = await listed(id);
    return found?.phase === phase ? found : undefined;
  });
}

test('a scan that is done, with all that was said of it', async () => {
  const { code, stdout } = await run('good', '--board', 'B7', '--operator', 'anna');
  expect(code).toBe(0);
  expect(stdout.trim().split('\n').at(-1)).toBe(`report  ${join(output('good'), 'report.html')}`);
  expect(await untilPhase('good', 'done')).toMatchObject({
    status: 'completed',
    stand: 'local',
    board: 'B7',
    operator: 'anna',
    output: output('good'),
    progress: null,
  });
  const { stdout: text } = await cli('list');
  expect(text.split('\n')[0]).toMatch(
    /^scan +phase +.*stand +board +operator +started \(UTC\) +ended \(UTC\) +output$/,
  );
});

test('one that runs and is paused, one that is aborted', async () => {
  expect((await run('cut', '--detach')).code).toBe(0);
  await waitUntil('a run', () => (measuredRuns(output('cut'), 'injection_scan') > 0 ? true : undefined));
  expect((await cli('pause', 'cut')).code).toBe(0);
  const paused = await untilPhase('cut', 'paused');
  expect(paused).toMatchObject({ status: 'running', ended: null, progress: { runs: scan.runs } });
  expect(paused.progress?.acquired).toBeGreaterThan(0);
  expect((await cli('abort', 'cut')).code).toBe(0);
  expect(await untilPhase('cut', 'aborted')).toMatchObject({ status: 'completed' });
});

test('one that fails: its reason stands in status', async () => {
  const config = join(folder, 'broken.yaml');
  writeFileSync(config, 'procedures: [{name: p, type: daq, system_settings: {default: none.yaml}}]\n');
  const words = ['run', config, 'p', '--network', scan.network, '--output', output('bad'), '--id', 'bad'];
  expect((await cli(...words)).code).toBe(2);
  await untilPhase('bad', 'failed');
  expect((await cli('status', 'bad')).stdout).toContain('there is no such file');
  expect(JSON.parse((await cli('status', 'bad', '--json')).stdout)).toMatchObject({
    phase: 'failed',
    failure: expect.stringContaining('none.yaml'),
  });
});

test('one that was terminated from outside', async () => {
  expect((await run('gone', '--detach')).code).toBe(0);
  await waitUntil('a run', () => (measuredRuns(output('gone'), 'injection_scan') > 0 ? true : undefined));
  const { Client, Connection } = await import('@temporalio/client');
  const connection = await Connection.connect({ address: up.address });
  await new Client({ connection }).workflow.getHandle('gone').terminate('test');
  expect(await untilPhase('gone', 'terminated')).toMatchObject({ stand: 'local' });
});
