// How busy two Python programs keep the simulated stand of `busy-fraction.bench.js`: a bare loop of requests (pyzmq), and
// the Python tool 1.0.15. Only to be shown beside ours; without Python 3.11 and PyPI they are left out.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../dist/io/temporal/free-port.js';
import { percent, withStand } from './busy-stand.js';

const run = promisify(execFile);
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
/** Written into the Python tool: it starts its daq client itself. */
const clientPort = 6001;

/** Lines to be printed. */
export async function pythonLines(runs) {
  const tool = installed();
  if (tool === undefined) return ['stand busy: Python programs left out (no Python 3.11, or no PyPI)'];
  const bare = await withStand({}, ({ ports, busy }) =>
    busy(() => run(join(tool, 'bin/python'), [here('bare_loop.py'), JSON.stringify(ports), `${runs}`])),
  );
  const withClient = { ports: [{ client: clientPort }] };
  const whole = await withStand(withClient, ({ ports, busy }) => busy(() => acquire(tool, ports, runs)));
  return [`stand busy: ${percent(bare)} in a bare loop of pyzmq, ${percent(whole)} in the Python tool 1.0.15`];
}

function installed() {
  try {
    return execFileSync('bash', [here('../scripts/python-tool.sh')], { stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim();
  } catch {
    return undefined;
  }
}

async function acquire(tool, ports, runs) {
  const folder = mkdtempSync(join(tmpdir(), 'datenraffinerie-bench-'));
  const coordinatorPort = await freePort(0);
  writeScan(folder, ports, coordinatorPort, runs);
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  const words = ['--no-log', join(folder, 'network_config.yaml')];
  const options = { cwd: folder, env, detached: true, stdio: 'ignore' };
  const coordinator = spawn(join(tool, 'bin/coordinate-daq'), words, options);
  try {
    await run(join(tool, 'bin/acquire-data'), [folder], { cwd: folder, timeout: 120_000 });
  } finally {
    process.kill(-coordinator.pid, 'SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

function writeScan(folder, ports, coordinatorPort, runs) {
  const write = (name, text) => writeFileSync(join(folder, name), text);
  const server = `sc_ctrl_port: ${ports.slowControl}, daq_ctrl_port: ${ports.daq}, data_port: ${ports.data}`;
  const coordinator = `daq_coordinator: {hostname: 127.0.0.1, port: ${coordinatorPort}}`;
  write('network_config.yaml', `${coordinator}\nserver: {hostname: 127.0.0.1, ${server}}\n`);
  write('daq-client', '#!/bin/sh\nexec sleep 600\n');
  chmodSync(join(folder, 'daq-client'), 0o755);
  write('daq_config.yaml', 'run_start_tdc_procedure: false\n');
  const daq = 'daq: {active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 100}}}\nclient: {hw_type: HD}\n';
  write('default_config.yaml', daq);
  write('initial_state_config.yaml', daq);
  for (let n = 0; n < runs; n++) write(`run_${n}_config.yaml`, `target: ${registers(128 * (n % 16))}\n`);
}

function registers(value) {
  const halves = `{0: {Calib: ${value}}, 1: {Calib: ${value}}}`;
  return `{${[0, 1, 2].map((chip) => `roc_s${chip}: {ReferenceVoltage: ${halves}}`).join(', ')}}`;
}
