import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatYaml } from '../../src/domain/config/yaml/yaml.js';
import { diffMap, updateMap } from '../../src/domain/config/overlay.js';
import type { ConfigMap } from '../../src/domain/config/value.js';
import { CoordinatorDriver } from '../../src/io/stand/coordinator/coordinator.js';
import { HexaboardDriver } from '../../src/io/stand/hexaboard/hexaboard.js';
import { usualTimeouts } from '../../src/io/stand/link/stand-timeouts.js';
import { TokenFile } from '../../src/io/stand/coordinator/token-file.js';
import { freePort } from '../../src/io/temporal/free-port.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { pythonTool } from '../support/tools/python-tool.js';
import { takeScan } from '../support/temporal/scan-loop.js';
import { state } from '../support/plans/configurations.js';
import { hexaboardStand, injectionState } from '../support/stand/stand-fixtures.js';

const tool = pythonTool();
const never = new AbortController().signal;
const states = [0, 300, 900, 0].map((calib) => injectionState(calib, 30));
const folder = temporaryFolder();
let simulator: Simulator;
let coordinator: ChildProcess;
let coordinatorPort = 0;

/** The Python tool starts its own daq client, whose port cannot be chosen: the simulator answers there instead. */
async function startCoordinator(): Promise<void> {
  const { ports } = simulator.stands[0];
  coordinatorPort = (await freePort(0)) ?? 0;
  const network = `daq_coordinator: {hostname: 127.0.0.1, port: ${coordinatorPort}}
server: {hostname: 127.0.0.1, sc_ctrl_port: ${ports.slowControl}, daq_ctrl_port: ${ports.daq}, data_port: ${ports.data}}
`;
  writeFileSync(join(folder, 'network_config.yaml'), network);
  writeFileSync(join(folder, 'daq-client'), '#!/bin/sh\nexec sleep 600\n');
  chmodSync(join(folder, 'daq-client'), 0o755);
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  const config = join(folder, 'network_config.yaml');
  coordinator = spawn(join(tool, 'bin/coordinate-daq'), ['--no-log', config], { cwd: folder, env, detached: true });
}

function theirCoordinator(): CoordinatorDriver {
  return new CoordinatorDriver({
    network: {
      kind: 'coordinator',
      coordinator: { hostname: '127.0.0.1', port: coordinatorPort },
      readback: false,
      fullReadback: false,
    },
    timeouts: { ...usualTimeouts, run: 20 },
    token: new TokenFile(undefined),
  });
}

function writeScan(): void {
  const write = (name: string, value: ConfigMap) => writeFileSync(join(folder, name), formatYaml(value));
  write('daq_config.yaml', new Map([['run_start_tdc_procedure', false]]));
  write('default_config.yaml', states[0]);
  write('initial_state_config.yaml', states[0]);
  states.forEach((state, run) => {
    write(`run_${run}_config.yaml`, diffMap(run === 0 ? states[0] : states[run - 1], state) ?? new Map());
  });
}

describe.skipIf(tool === '')('the Python tool 1.0.15 (needs Python 3.11 and PyPI)', () => {
  beforeAll(async () => {
    simulator = await startSimulator({ chips: 1, runSeconds: 0.02, ports: [{ client: 6001 }] });
    await startCoordinator();
    writeScan();
  });

  afterAll(() => {
    if (coordinator?.pid !== undefined) process.kill(-coordinator.pid, 'SIGKILL');
    simulator?.close();
  });

  test('takes a scan from the simulator, and our drivers take the same bytes', async () => {
    await promisify(execFile)(join(tool, 'bin/acquire-data'), [folder], { cwd: folder, timeout: 60_000 });
    const theirs = states.map((_, run) => readFileSync(join(folder, `run_${run}_data.raw`)));
    const { ports } = simulator.stands[0];

    const direct = new HexaboardDriver(hexaboardStand(ports));
    const ours = await takeScan(direct, states);
    await direct.close(); // two readers of one stream share it
    expect(ours.failures).toEqual([]);
    expect(ours.files.map((file, run) => file.equals(theirs[run]))).toEqual(states.map(() => true));

    const driver = theirCoordinator();
    const through = await takeScan(driver, states);
    expect(through.failures.slice(0, 2)).toEqual([]);
    expect(through.files.map((file, run) => file.equals(theirs[run]))).toEqual(states.map(() => true));
    await driver.quiet(never);
    await driver.close();
  });

  test('tells us of a configuration that the chips do not have', async () => {
    const driver = theirCoordinator();
    const wrong = updateMap(states[0], state({ target: { roc_s0: { ch: { 10: { HighRang: 1 } } } } }));
    const begin = driver.begin({ defaultState: wrong, state: wrong, runStartTdcProcedure: false }, never);
    await expect(begin).rejects.toMatchObject({ type: 'RefusedError', message: expect.stringContaining('HighRang') });
    await driver.quiet(never);
    await driver.close();
  });
});
