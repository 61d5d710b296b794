import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ScanProgress } from '../../src/workflows/messages.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { manifestLines, measuredRuns } from '../support/disk/scan-folder.js';
import { untilStatus } from '../support/temporal/until-status.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** People stop and go on with a real scan, through the command line. */
let up: Up;
let scan: RecordedScan;

beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 9, events: 20 });
  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.3'));
});

const command = (...words: string[]) => runCli(words, { env: up.environment });

async function startScan(id: string) {
  const output = join(temporaryFolder(), 'out');
  const words = ['run', scan.main, 'injection_scan', '--network', scan.network, '--output', output, '--id', id];
  const running = startCli(words, { env: up.environment });
  await waitUntil('three runs', () => (measuredRuns(output, 'injection_scan') >= 3 ? true : undefined));
  return { running, output };
}

function untilPaused(id: string): Promise<ScanProgress> {
  return untilStatus(up, id, 'paused', (progress) => {
    return progress.procedures[0]?.state === 'paused' ? progress : undefined;
  });
}

test('pause holds between two runs, survives a dead daq worker, and resume goes on', async () => {
  const { running, output } = await startScan('paused');
  expect((await command('pause', 'paused')).code).toBe(0);
  expect(await untilPaused('paused')).toMatchObject({ phase: 'paused', waitingFor: 'resume' });
  const measured = measuredRuns(output, 'injection_scan');
  await up.killWorker('daq');
  expect(measuredRuns(output, 'injection_scan')).toBe(measured);
  expect((await command('resume', 'paused')).code).toBe(0);
  expect((await running.ended).code).toBe(0);
  expect(manifestLines(output, 'injection_scan').map((line) => line.run)).toEqual([...Array(scan.runs).keys()]);
});

test('a daq worker that dies while it is asked to pause costs the runs in hand, not the scan', async () => {
  const { running, output } = await startScan('dying');
  await Promise.all([command('pause', 'dying'), up.killWorker('daq')]);
  await untilPaused('dying');
  await command('resume', 'dying');
  expect((await running.ended).code).toBe(0);
  const lines = manifestLines(output, 'injection_scan');
  expect(new Set(lines.map((line) => line.run)).size).toBe(scan.runs);
  expect(lines.length - scan.runs).toBeLessThanOrEqual(2);
});

test('abort ends after the run in hand, keeps what was measured and frees the stand', async () => {
  const { running, output } = await startScan('aborted');
  expect((await command('abort', 'aborted')).code).toBe(0);
  expect((await running.ended).code).toBe(1);
  expect(running.stdout).toEqual([
    expect.stringContaining('injection_scan  aborted'),
    expect.stringMatching(/^report {2}.*report\.html$/),
  ]);
  const measured = measuredRuns(output, 'injection_scan');
  expect(measured).toBeLessThan(scan.runs);
  const again = await command('run', scan.main, 'injection_scan', '--network', scan.network, '--output', output);
  expect(again.code).toBe(0);
  expect(again.stderr).toContain(`${measured} reused`);
  expect(manifestLines(output, 'injection_scan')).toHaveLength(scan.runs);
});

test('slow readings hold the scan with their reason while they fail, and are kept with the runs', async () => {
  const hot = join(temporaryFolder(), 'hot');
  const cold = { ...scan, network: scan.network.replace('network.yaml', 'readings.yaml') };
  const shell = `if [ -e ${hot} ]; then echo chiller is off; exit 1; fi; echo "temperature: 21.5"`;
  const setting = `slow_readings: {command: '${shell}'}\n`;
  writeFileSync(cold.network, readFileSync(scan.network, 'utf8') + setting);
  const output = join(temporaryFolder(), 'out');
  const words = ['run', cold.main, 'injection_scan', '--network', cold.network, '--output', output, '--id', 'hot'];
  const running = startCli(words, { env: up.environment });
  await waitUntil('three runs', () => (measuredRuns(output, 'injection_scan') >= 3 ? true : undefined));
  writeFileSync(hot, '');
  expect((await untilPaused('hot')).waitingFor).toContain('chiller is off');
  rmSync(hot);
  await command('resume', 'hot');
  expect((await running.ended).code).toBe(0);
  const lines = manifestLines(output, 'injection_scan');
  expect(lines.map((line) => line.run)).toEqual([...Array(scan.runs).keys()]);
  expect(lines.every((line) => line.readings?.['temperature'] === 21.5)).toBe(true);
});

test('commands without an id mean the one scan that runs, and say so where there is none', async () => {
  const none = await command('pause');
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('no scan is running') });
});

test('abort does not wait for a run that lasts long: it is given up', async () => {
  const network = scan.network.replace('network.yaml', 'long.yaml');
  writeFileSync(network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 25'));
  const output = join(temporaryFolder(), 'out');
  const words = ['run', scan.main, 'injection_scan', '--network', network, '--output', output, '--id', 'long'];
  const running = startCli(words, { env: up.environment });
  await untilStatus(up, 'long', 'a run in hand', ({ procedures }) =>
    procedures[0]?.state === 'acquiring' ? true : undefined,
  );
  expect((await command('abort', 'long')).code).toBe(0);
  expect((await running.ended).code).toBe(1);
  expect(measuredRuns(output, 'injection_scan')).toBe(0);
}, 60_000);
