import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli, startCli, type RunningCli } from '../support/temporal/cli.js';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { startUp, type Up } from '../support/temporal/up.js';

// Every example for users, as it is, on a simulated board behind real sockets: what people would copy must work.
const folder = temporaryFolder();
const network = join(folder, 'network.yaml');
let up: Up;
let simulator: RunningCli;

beforeAll(async () => {
  simulator = startCli(['simulate', '--ports', '0', '--run-seconds', '0.002', '--write-network', network]);
  [up] = await Promise.all([startUp(), simulator.waitForLine(/^ready /)]);
}, 180_000);

afterAll(async () => {
  await up.stop();
  await simulator.stop();
}, 60_000);

/** Runs an example and gives the folder with its results. */
async function run(example: string, ...procedures: string[]): Promise<string> {
  const output = join(folder, example);
  const main = join(root, 'config-examples', example);
  const words = ['run', main, ...procedures, '--network', network, '--stand', 'local', '--output', output];
  const { code, stderr } = await runCli(words, { env: up.environment });
  expect(code, stderr).toBe(0);
  return output;
}

interface TableShape {
  readonly runs: readonly { readonly rows: number }[];
  readonly rows: number;
}

async function shapeOf(table: string): Promise<TableShape> {
  const { stdout } = await runCli(['table', table, '--json']);
  return JSON.parse(stdout) as TableShape; // what our own command prints
}

/** Columns of a CSV of numbers; empty fields are NaN. */
function readCsv(path: string): (name: string) => number[] {
  const [names, ...rows] = readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return (name) => rows.map((row) => (row[names.indexOf(name)] === '' ? NaN : Number(row[names.indexOf(name)])));
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** 3 chips × 2 halves × (36 channels, 2 common modes, 1 calibration channel). */
const rowsOfRun = 234;

test('characterisation: pedestals, injection, calibrated thresholds and spectra, pedestals again', async () => {
  const output = await run('workflow.yaml', 'characterisation');
  for (const [procedure, runs] of Object.entries({ pedestal_run: 2, injection_scan: 64, toa_trim_scan: 204 })) {
    const shape = await shapeOf(join(output, `${procedure}.h5`));
    expect({ procedure, rows: shape.rows, runs: shape.runs.length }).toEqual({
      procedure,
      rows: runs * rowsOfRun,
      runs,
    });
  }
  expect(await shapeOf(join(output, 'charge_spectra_run.h5'))).toMatchObject({ rows: 3 * 1000 * rowsOfRun });

  const pedestals = readCsv(join(output, 'pedestal', 'pedestal.csv'));
  expect(mean(pedestals('pedestal'))).toBeGreaterThan(270);
  expect(mean(pedestals('pedestal'))).toBeLessThan(310);
  expect(Math.max(...pedestals('noise'))).toBeLessThan(3);
  const trimmed = readCsv(join(output, 'toa_calibration', 'toa_calibration.csv'));
  const away = (name: string) => mean(trimmed(name).map((value, row) => Math.abs(value - trimmed('target')[row])));
  expect(away('expected_after')).toBeLessThan(0.2 * away('before'));
  for (const analysis of ['injection_response', 'calibrated_injection_response', 'spectra', 'pedestal.2']) {
    expect(readdirSync(join(output, analysis)).filter((name) => name.endsWith('.png'))).not.toEqual([]);
  }
}, 300_000);

test('pedestal scan, ToA threshold scan and recorded scan', async () => {
  const scanned = await run('pedestal-scan.yaml', 'pedestal_calibration');
  expect(await shapeOf(join(scanned, 'pedestal_scan.h5'))).toMatchObject({ rows: 8 * rowsOfRun });
  const threshold = await run('toa-threshold.yaml', 'toa_thresholds');
  expect(await shapeOf(join(threshold, 'toa_threshold_scan.h5'))).toMatchObject({ rows: 159 * rowsOfRun });
  const recorded = await run('recorded-scan.yaml', 'recorded_injection_response');
  expect(await shapeOf(join(recorded, 'recorded_injection_scan.h5'))).toMatchObject({ rows: 48 * rowsOfRun });
}, 300_000);

test('timewalk and phase: the bigger the charge, the earlier; 64 counts for a step of the phase', async () => {
  const output = await run('timewalk.yaml', 'timewalk');
  expect(await shapeOf(join(output, 'timewalk_and_phase_scan.h5'))).toMatchObject({ rows: 192 * rowsOfRun });
  const timewalk = readCsv(join(output, 'timewalk', 'timewalk.csv'));
  expect(Math.min(...timewalk('timewalk_ns'))).toBeGreaterThan(1);
  for (const counts of timewalk('counts_per_phase_step')) expect(counts).toBeCloseTo(64, 0);
}, 300_000);
