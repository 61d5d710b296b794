import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { listProcesses } from '../support/tools/processes.js';
import { cleanEnvironment, temporalCli } from '../support/temporal/server.js';

test('demo runs the calibration chain on the simulator and writes tables, pictures and a report', async () => {
  const folder = temporaryFolder();
  const env = { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() };
  const { code, stdout, stderr } = await runCli(['demo', '--output', folder], { env });
  expect(stderr).toMatch(/Web UI while it runs: http:\/\/127\.0\.0\.1:\d+/);
  expect(code).toBe(0);
  expect(stdout).toContain(`open ${join(folder, 'scan', 'report.html')}`);
  const results = [
    'pedestal_calibration/before_after.png',
    'toa_calibration/before_after.png',
    'calibrated_injection_response/response.png',
    'calibrated_injection_scan.h5',
    'toa_thresholds/toa_threshold_scan.csv',
    'full-calibration.yaml',
    'report.html',
  ];
  expect(results.filter((name) => !existsSync(join(folder, 'scan', name)))).toEqual([]);
}, 180_000);

test('demo ends, with everything stopped, where the simulated stand does not come up', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, '.server', 'network.yaml'), { recursive: true }); // no file can be written there
  const env = { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() };
  const { code, stdout, stderr } = await runCli(['demo', '--output', folder], { env });
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(/the simulated stand does not start \(exit code 1\): .*the network file cannot be written/);
  expect(stderr).toContain('stopping server, workers and stand …');
  expect(listProcesses().filter(({ args }) => args.includes(folder))).toEqual([]);
}, 180_000);
