import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FaultName } from '../../src/simulator/faults.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { failingFaults } from '../support/stand/failing-faults.js';
import { temporaryFolder } from '../support/disk/folders.js';
import {
  gridEvents,
  gridProcedure,
  gridRuns,
  readScan,
  writeInjectionGrid,
  type MeasuredScan,
} from '../support/tables/injection-grid.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';
import { startUp } from '../support/temporal/up.js';

// 100 runs with each fault, by a real server and real workers: three stands, whose scans stand in their queues.
const server = withServer();
const { execute, progress } = scanClient(server);
const stands = [1, 2, 3].map((n) => `s-${randomUUID().slice(0, 8)}-${n}`);
const folder = temporaryFolder();
const simulators: Simulator[] = [];

/** Runs in which the stand fails, counted from its start: two in a row hit a run and its second try. */
const faultyRuns = [8, 40, 41];

const harmless: readonly FaultName[] = ['slow', 'corrupt', 'truncated'];

const scans = new Map<string, Promise<MeasuredScan>>();
let main: string;

beforeAll(async () => {
  main = writeInjectionGrid(join(folder, 'configuration'));
  await startUp({ environment: server.environment, args: stands.flatMap((stand) => ['--stand', stand]) });
  const names = ['none', ...failingFaults.map(([name]) => name), ...harmless] as const;
  for (const [n, name] of names.entries()) {
    const scan = measure(name, stands[n % stands.length]);
    scan.catch(() => undefined); // thrown where it is awaited
    scans.set(name, scan);
  }
});

afterAll(() => simulators.forEach((simulator) => simulator.close()));

/** A scan with a stand of its own that has the fault; ends when the scan is done. */
async function measure(name: FaultName | 'none', stand: string): Promise<MeasuredScan> {
  const simulator = await startSimulator({
    chips: 1,
    runSeconds: 0.002,
    eventsPerMessage: 5,
    outageSeconds: 1.2,
    slowSeconds: 0.05,
    faults: name === 'none' ? [] : [{ name, runs: faultyRuns }],
  });
  simulators.push(simulator);
  const network = join(folder, `${name}.yaml`);
  const timeouts = 'timeouts: {command: 2, silence: 1, run: 2}';
  writeFileSync(network, `${simulator.stands[0].networkFile}${timeouts}\nreadback: ${name === 'readback'}\n`);
  const output = join(folder, `out-${name}`);
  const procedures = [gridProcedure];
  const { state } = await execute(`fault-${name}`, { config: main, procedures, output, network, stand });
  expect(state).toBe('done');
  expect((await progress(`fault-${name}`)).procedures[0]).toMatchObject({ acquired: gridRuns, quarantined: 0 });
  return readScan(output);
}

async function outcome(name: FaultName | 'none'): Promise<MeasuredScan> {
  const scan = await scans.get(name);
  if (scan === undefined) throw new Error(`no scan with ${name}`);
  expect(scan.manifest.map(({ run }) => run)).toEqual([...Array(gridRuns).keys()]);
  expect(scan.rowsOfRuns).toEqual(scan.manifest.map(() => 78));
  return scan;
}

/** The runs whose files differ from those of a stand without faults. */
async function altered({ manifest }: MeasuredScan): Promise<number[]> {
  const undisturbed = await outcome('none');
  return manifest.filter(({ sha256 }, run) => sha256 !== undisturbed.manifest[run].sha256).map(({ run }) => run);
}

describe(`${gridRuns} runs, each measured once, none lost, on a stand whose fault is`, { timeout: 180_000 }, () => {
  test('none', async () => {
    const { failures, manifest } = await outcome('none');
    expect(failures).toEqual([]);
    expect(manifest.every(({ events }) => events === gridEvents)).toBe(true);
    expect(new Set(manifest.map(({ sha256 }) => sha256)).size).toBe(gridRuns);
  });

  test.each(failingFaults)('%s: the right class, and the same table', async (name, types, message) => {
    const scan = await outcome(name);
    expect(scan.failures).toHaveLength(faultyRuns.length);
    for (const failure of scan.failures) expect(types, failure.message).toContain(failure.type);
    expect(scan.failures.map((failure) => failure.message).join('\n')).toMatch(message);
    expect(await altered(scan)).toEqual([]);
    const undisturbed = await outcome('none');
    expect(scan.columns).toEqual(undisturbed.columns);
    expect(scan.rows.equals(undisturbed.rows)).toBe(true);
  });

  test('slow: no failure, and the same table', async () => {
    const scan = await outcome('slow');
    expect(scan.failures).toEqual([]);
    expect(scan.rows.equals((await outcome('none')).rows)).toBe(true);
  });

  test('corrupt: the halves are kept and counted', async () => {
    const scan = await outcome('corrupt');
    expect(scan.failures).toEqual([]);
    expect(await altered(scan)).toEqual(faultyRuns);
    const flagged = scan.manifest.filter(({ corruptHalves }) => corruptHalves > 0);
    expect(flagged.map(({ run }) => run)).toEqual(faultyRuns);
  });

  test('truncated: the whole records are kept, and the rest is counted', async () => {
    const scan = await outcome('truncated');
    expect(scan.failures).toEqual([]);
    expect(await altered(scan)).toEqual(faultyRuns);
    const cut = scan.manifest.filter(({ events, truncatedBytes }) => events === gridEvents - 1 && truncatedBytes > 0);
    expect(cut.map(({ run }) => run)).toEqual(faultyRuns);
  });
});
