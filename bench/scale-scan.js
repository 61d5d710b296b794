// A scan of many runs on a stand that takes no time, through the real server and workers, and what it cost: of these
// figures the benchmark makes a ratio, and `node bench/scale.js --full` a table.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { writeRecordedScan } from '../dist/simulator/recorded-scan.js';
import { historyFigures } from './scale-history.js';
import { watchMemory } from './scale-memory.js';

const program = fileURLToPath(new URL('../bin/datenraffinerie.js', import.meta.url));

/** Figures of a scan of `runs` runs (a multiple of 1,000). */
export async function scaleScan(runs) {
  const folder = mkdtempSync(join(tmpdir(), 'datenraffinerie-scale-'));
  try {
    await writeScan(folder, runs);
    return await withUp(folder, async (up) => {
      const memory = watchMemory(up.pid, () => measuredBytes(folder));
      const scan = ['run', 'main.yaml', 'many', '--network', 'network.yaml', '--output', 'out', '--id', 'many'];
      await finished(
        spawn(process.execPath, [program, ...scan], { cwd: folder, env: up.environment, stdio: 'ignore' }),
      );
      return { ...timeFigures(folder), memory: memory.stop(), ...(await histories(up.address)) };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One tiny raw file that serves all runs; 1,000 points times as many repeats as it takes. */
export async function writeScan(folder, runs) {
  const { main, network } = await writeRecordedScan(folder, { seed: 1, phases: 1, calibs: 1, events: 2, chips: 1 });
  const chip = 'target, roc_s0';
  const axes = [
    `{key: [${chip}, Top, 0, phase_strobe], values: {start: 0, stop: 10}}`,
    `{key: [${chip}, ReferenceVoltage, [0, 1], Calib], values: {start: 0, stop: 100}}`,
    `{key: [${chip}, ReferenceVoltage, [0, 1], Inv_vref], values: {start: 0, stop: ${runs / 1000}}}`,
  ];
  const procedure = `{name: many, type: daq, system_settings: {default: default.yaml}, parameters: [${axes.join(', ')}]}`;
  writeFileSync(main, `procedures:\n  - ${procedure}\n`);
  writeFileSync(network, 'kind: recorded\nfolder: recorded\nfile: test_run_1.raw\nrun_seconds: 0\n');
}

async function withUp(folder, body) {
  const environment = { ...process.env, XDG_STATE_HOME: join(folder, 'state') };
  for (const name of Object.keys(environment)) if (name.startsWith('TEMPORAL_')) delete environment[name];
  const up = spawn(process.execPath, [program, 'up', '--port', '0', '--data', join(folder, 'state')], {
    env: environment,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(up, 'exit'); // from the beginning: it is told only once
  try {
    const address = await new Promise((resolve, reject) => {
      ended.then(([code, signal]) => reject(new Error(`up ended with ${code ?? signal}`)), reject);
      createInterface(up.stdout).on('line', (line) => resolve(/^ready temporal=(\S+)/.exec(line)?.[1]));
    });
    return await body({ pid: up.pid, address, environment: { ...environment, TEMPORAL_ADDRESS: address } });
  } finally {
    up.kill('SIGTERM');
    await ended;
  }
}

async function finished(child) {
  const [code, signal] = await once(child, 'exit');
  if (code !== 0) throw new Error(`the scan ended with ${signal ?? `exit code ${code}`}`);
}

/** Size of the manifest: how far the measurement is. */
function measuredBytes(folder) {
  try {
    return readFileSync(join(folder, 'out', 'many', 'manifest.jsonl')).length;
  } catch {
    return 0;
  }
}

/** ms per run from the first run's start to the last one's end, and to the table. */
function timeFigures(folder) {
  const { firstStart, lastEnd, measured, table } = JSON.parse(
    readFileSync(join(folder, 'out', 'many', 'provenance.json'), 'utf8'),
  );
  return { runs: measured, rows: table.rows, msPerRun: (Date.parse(lastEnd) - Date.parse(firstStart)) / measured };
}

async function histories(address) {
  const connection = await Connection.connect({ address });
  try {
    return await historyFigures(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
