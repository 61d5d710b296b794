import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { liveProgress } from '../../src/client/scan/live-progress.js';
import { startCli, type RunningCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { freePortBlock } from '../support/stand/free-ports.js';
import {
  gridProcedure,
  gridRuns,
  readScan,
  writeInjectionGrid,
  type MeasuredScan,
} from '../support/tables/injection-grid.js';
import { waitUntil } from '../support/tools/processes.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { scanClient } from '../support/temporal/scan-client.js';
import { withServer } from '../support/temporal/server.js';
import { startUp } from '../support/temporal/up.js';

// Two boards in one simulator, both measured at once, that dies like a crate whose power is cut, and comes back.
const server = withServer();
const { execute, progress } = scanClient(server);
const id = randomUUID().slice(0, 8);
const stands = [`s-${id}-1`, `s-${id}-2`];
const folder = temporaryFolder();
const networks = [join(folder, 'network.yaml'), join(folder, 'network-2.yaml')];
let main: string;
let simulator: RunningCli;
let ports: string;

beforeAll(async () => {
  main = writeInjectionGrid(join(folder, 'configuration'));
  const first = await freePortBlock(5, 2);
  const services = ['slowControl', 'daq', 'data', 'client', 'coordinator'];
  ports = services.map((service, n) => `${service}=${first + n}`).join(',');
  await Promise.all([
    startSimulator(),
    startUp({ environment: server.environment, args: stands.flatMap((stand) => ['--stand', stand]) }),
  ]);
  const timeouts = 'timeouts: {command: 2, silence: 1, run: 10}\n';
  for (const network of networks) writeFileSync(network, readFileSync(network, 'utf8') + timeouts);
});

async function startSimulator(): Promise<void> {
  const boards = ['--boards', '2', '--chips', '1', '--run-seconds', '0.03', '--ports', ports];
  const files = simulator === undefined ? ['--write-network', networks[0]] : [];
  simulator = startCli(['simulate', ...boards, ...files]);
  await simulator.waitForLine(/^ready simulator-2 /);
}

/** Scans both boards at the same time; `name` tells the scans apart. */
function scanBoth(name: string): Promise<MeasuredScan>[] {
  return stands.map(async (stand, board) => {
    const output = outputOf(name, board);
    const input = { config: main, procedures: [gridProcedure], output, network: networks[board], stand };
    expect((await execute(`${name}-${board}`, input)).state).toBe('done');
    return readScan(output);
  });
}

function outputOf(name: string, board: number): string {
  return join(folder, `${name}-${board}`);
}

test('two boards of a simulator that is killed in the middle and started again', { timeout: 120_000 }, async () => {
  const disturbed = Promise.all(scanBoth('disturbed'));
  await waitUntil('20 runs of both boards', () =>
    [0, 1].every((board) => measuredRuns(outputOf('disturbed', board), gridProcedure) >= 20) ? true : undefined,
  );
  simulator.signal('SIGKILL');
  await simulator.ended;
  await waitUntil('a second try that is told', async () => {
    const { waiting, procedures } = await liveProgress(server.client, 'disturbed-0');
    if (waiting?.kind !== 'link' || (waiting.tries ?? 0) < 2) return undefined;
    expect(waiting.text).toMatch(/slow-control|daq|data stream/);
    expect(Date.now() - Date.parse(waiting.since)).toBeLessThan(60_000);
    return procedures[0].waiting;
  });
  await startSimulator();
  const boards = await disturbed;
  const undisturbed = await Promise.all(scanBoth('undisturbed'));

  for (const [board, scan] of boards.entries()) {
    expect(scan.manifest.map(({ run }) => run)).toEqual([...Array(gridRuns).keys()]);
    expect(scan.failures.length).toBeGreaterThan(0);
    // StandError: the services are back before they were missed, without their states
    const types = ['LinkError', 'TimeoutError', 'StandError'];
    for (const { type, message } of scan.failures) expect(types, message).toContain(type);
    expect((await progress(`disturbed-${board}`)).procedures[0]).toMatchObject({ quarantined: 0 });
    expect(scan.rows.equals(undisturbed[board].rows)).toBe(true);
  }
  expect(boards[0].rows.equals(boards[1].rows)).toBe(false); // their seeds differ
  expect(undisturbed.flatMap(({ failures }) => failures)).toEqual([]);
});
