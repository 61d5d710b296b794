import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireRuns } from '../dist/io/acquire/acquire-runs.js';
import { readConfiguration } from '../dist/io/configuration/config-reader.js';
import { FailureLog } from '../dist/io/output/failure-log.js';
import { Manifest } from '../dist/io/output/manifest.js';
import { RunStore } from '../dist/io/acquire/run-store.js';
import { HexaboardDriver } from '../dist/io/stand/hexaboard/hexaboard.js';
import { usualTimeouts } from '../dist/io/stand/link/stand-timeouts.js';
import { updateMap } from '../dist/domain/config/overlay.js';
import { parseYaml } from '../dist/domain/config/yaml/yaml.js';
import { makePlan } from '../dist/domain/plan/make-plan.js';
import { bareLoop } from './bare-loop.js';
import { pythonLines } from './busy-python.js';
import { percent, withStand } from './busy-stand.js';

// How busy a scan keeps a stand whose runs last 20 ms, by the stand's own clock: a whole acquisition (plan, keys, raw
// files on disk, manifest) beside a loop that does nothing but send the same requests. A busy machine slows both.
export const name = 'stand busy in runs of 20 ms (to the goal: 95 %, or 1.1 × a bare loop of requests)';
export const goal = 1;
export const better = 'higher';

const rounds = 5;
const { signal } = new globalThis.AbortController();
const runs = 128;
const configuration = fileURLToPath(new URL('../config-examples/injection-scan.yaml', import.meta.url));

export async function run() {
  const best = await withStand({}, bestRound);
  for (const line of await pythonLines(runs)) process.stderr.write(`${line}\n`);
  return best;
}

async function bestRound({ ports, busy }) {
  let best = 0;
  for (let round = 0; round < rounds && best < 1; round++) {
    const bare = await busy(() => bareLoop(ports, runs));
    const ours = await busy(() => scan(ports));
    process.stderr.write(`stand busy: ${percent(ours)} in a scan, ${percent(bare)} in the bare loop\n`);
    best = Math.max(best, ours / 0.95, ours / (1.1 * bare));
  }
  return best;
}

/** An acquisition as the daq worker does it, without Temporal. */
async function scan(ports) {
  const procedure = (await readConfiguration(configuration)).procedures.get('injection_scan');
  const initState = updateMap(procedure.initState, parseYaml('daq: {menus: {calibAndL1A: {NEvents: 100}}}'));
  const plan = makePlan({ ...procedure, initState, repeat: 2 });
  const folder = mkdtempSync(join(tmpdir(), 'datenraffinerie-bench-'));
  const driver = openDriver(ports);
  const store = await RunStore.open(folder);
  const manifest = await Manifest.open(folder);
  try {
    const failures = await FailureLog.open(folder, 'bench');
    const settings = { runStartTdcProcedure: false, minEvents: undefined, maxFailedRuns: 0, place: {} };
    const parts = { plan, manifest, store, failures, use: { driver, state: undefined } };
    const limits = { from: 0, seconds: Infinity, attempt: 1, stopping: () => false };
    await acquireRuns({ ...settings, ...parts, ...limits, signal, onRun: () => undefined });
  } finally {
    await driver.close();
    await manifest.close();
    await store.close();
    rmSync(folder, { recursive: true });
  }
}

function openDriver(ports) {
  const at = (port) => ({ hostname: '127.0.0.1', port });
  const addresses = { slowControl: at(ports.slowControl), daqServer: at(ports.daq), data: at(ports.data) };
  const network = { kind: 'hexaboard', ...addresses, useClient: false, readback: false, fullReadback: false };
  return new HexaboardDriver({ network, timeouts: usualTimeouts });
}
