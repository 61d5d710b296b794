import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isMap, valueAt, type ConfigMap, type Key } from '../../src/domain/config/value.js';
import { parseYaml } from '../../src/domain/config/yaml/yaml.js';
import { HexaboardDriver } from '../../src/io/stand/hexaboard/hexaboard.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.js';
import { runCli } from '../support/temporal/cli.js';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { hexaboardStand, injectionState, MemorySink } from '../support/stand/stand-fixtures.js';

/** The tools at the bench, as a user calls them, against a board on real sockets; no Temporal server anywhere. */
const environment = { ...process.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
let simulator: Simulator;
let network: string;

beforeAll(async () => ({ simulator, network } = await board()));
afterAll(() => simulator.close());

async function board(options: SimulatorOptions = {}): Promise<{ simulator: Simulator; network: string }> {
  const started = await startSimulator({ chips: 2, ...options });
  const { slowControl, daq, data } = started.stands[0].ports;
  const file = join(temporaryFolder(), 'network.yaml');
  const server = `{hostname: 127.0.0.1, sc_ctrl_port: ${slowControl}, daq_ctrl_port: ${daq}, data_port: ${data}}`;
  writeFileSync(file, `name: bench-${randomUUID().slice(0, 8)}\nserver: ${server}\ntimeouts: {slow_control: 3}\n`);
  return { simulator: started, network: file };
}

function stand(words: readonly string[], file = network) {
  return runCli(['stand', ...words, '--network', file], { env: environment });
}

/** Output of a command that must succeed. */
async function output(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await stand(words);
  expect(stderr).toContain('the lock on this computer alone keeps others from the stand');
  expect(code).toBe(0);
  return stdout;
}

function yaml(text: string): ConfigMap {
  const value = parseYaml(text);
  if (!isMap(value)) throw new Error(`no mapping: ${text}`);
  return value;
}

async function takeRun({ stands: [{ ports }] }: Simulator): Promise<void> {
  const driver = new HexaboardDriver(hexaboardStand(ports));
  const state = injectionState(0);
  try {
    await driver.begin({ defaultState: state, state, runStartTdcProcedure: false }, never);
    await driver.takeRun({ index: 0, state, send: undefined, events: 50 }, new MemorySink(), never);
  } finally {
    await driver.close();
  }
}

const never = new AbortController().signal;

const at = (text: string, ...path: Key[]) => valueAt(yaml(text), path);

describe('stand read, write, reset, describe', () => {
  test('what is written is read, as YAML and as JSON; a reset brings the power-on values back', async () => {
    const before = at(await output('read', 'roc_s1.Top.0.phase_strobe'), 'roc_s1', 'Top', 0, 'phase_strobe');
    const values = ['roc_s1.Top.0.phase_strobe=9', 'roc_s0.ch.10.HighRange=1'];
    const written = await stand(['write', ...values, '--readback']);
    expect(written.stderr).toContain('written, and read back the same');
    expect(written.code).toBe(0);
    const text = await output('read', 'roc_s1.Top.0.phase_strobe', 'roc_s0.ch.10');
    expect(at(text, 'roc_s1', 'Top', 0, 'phase_strobe')).toBe(9);
    expect(at(text, 'roc_s0', 'ch', 10, 'HighRange')).toBe(1);
    expect(at(text, 'roc_s0', 'ch', 10, 'trim_inv')).toBe(0);
    const json: unknown = JSON.parse(await output('read', 'roc_s1.Top.0.phase_strobe', '--json'));
    expect(json).toEqual({ roc_s1: { Top: { 0: { phase_strobe: 9 } } } });
    await output('reset');
    const after = at(await output('read', 'roc_s1.Top.0.phase_strobe'), 'roc_s1', 'Top', 0, 'phase_strobe');
    expect(after).toBe(before);
    expect(after).not.toBe(9);
  });

  test('everything is read into a file, which write takes again', async () => {
    const file = join(temporaryFolder(), 'chips.yaml');
    await output('write', 'roc_s0.ReferenceVoltage.1.Calib=321');
    expect(await output('read', '--output', file)).toBe('');
    const text = readFileSync(file, 'utf8');
    expect([...yaml(text).keys()]).toEqual(['roc_s0', 'roc_s1']);
    expect(at(text, 'roc_s0', 'ReferenceVoltage', 1, 'Calib')).toBe(321);
    await output('reset');
    const part = join(temporaryFolder(), 'part.yaml');
    writeFileSync(part, 'target:\n  roc_s0: {ReferenceVoltage: {1: {Calib: 77}}}\n');
    await output('write', part, 'roc_s0.ReferenceVoltage.0.Calib=5');
    const again = await output('read', 'roc_s0.ReferenceVoltage');
    expect([0, 1].map((half) => at(again, 'roc_s0', 'ReferenceVoltage', half, 'Calib'))).toEqual([5, 77]);
  });

  test('describe tells what exists and its range', async () => {
    const described = await output('describe');
    const [type] = yaml(described).keys();
    expect(at(described, type, 'roc_s1', 'Top', 0, 'phase_strobe', 'max')).toBe(15);
    const json: unknown = JSON.parse(await output('describe', '--json'));
    expect(json).toHaveProperty([String(type), 'roc_s0', 'ch', '71', 'trim_inv', 'max'], 63);
  });

  test('a reader that goes away ends it without a word', async () => {
    const command = `"${process.execPath}" bin/datenraffinerie.js stand describe --network "${network}" | head -n 1`;
    const { stdout, stderr } = await promisify(execFile)('sh', ['-c', command], { cwd: root, env: environment });
    expect(stdout.split('\n')).toHaveLength(2);
    expect(stderr).not.toMatch(/EPIPE|at .*\.js/);
  });

  test.each([
    [['read', 'roc_s7'], 2, "the board has no register 'roc_s7'"],
    [['read', 'roc_s0.ch.10.HighRang'], 2, "the board has no register 'roc_s0.ch.10.HighRang'"],
    [['write', 'roc_s0.ch.10.HighRang=1'], 1, 'HighRang'],
    [['write', 'roc_s0.Top.0.phase_strobe=16'], 1, /phase_strobe.*16|16.*phase_strobe/],
    [['write', 'phase_strobe'], 2, "'phase_strobe' is neither REGISTER=VALUE nor a file"],
    [['read', '--output', '/no/such/folder/x.yaml'], 1, '/no/such/folder/x.yaml cannot be written'],
    [['read', '--priority', '9'], 2, 'a whole number from 1 to 5'],
  ] as const)('%j is refused with code %d', async (words, code, message) => {
    const result = await stand(words);
    expect(result.stderr).toMatch(message);
    expect(result.code).toBe(code);
  });

  test('a register that is read back otherwise is named', async () => {
    const other = await board({ faults: [{ name: 'readback', rate: 1 }], runSeconds: 0.01 });
    try {
      await takeRun(other.simulator); // with it the fault begins
      const result = await stand(['write', 'roc_s0.Top.0.phase_strobe=3', '--readback'], other.network);
      expect(result.stderr).toMatch(/roc_s0.*phase_strobe.*wrote 3, read 2/);
      expect(result.code).toBe(1);
    } finally {
      other.simulator.close();
    }
  });

  test('a board that is not there is named, and so is a stand without slow control', async () => {
    const other = await board();
    other.simulator.close();
    // the chips may take a minute to answer, a server that is there may not
    writeFileSync(other.network, readFileSync(other.network, 'utf8').replace('slow_control: 3', 'slow_control: 60'));
    const gone = await stand(['read'], other.network);
    expect(gone.stderr).toMatch(/slow-control server at 127\.0\.0\.1:\d+: nobody answered within 10 s/);
    expect(gone.code).toBe(1);
    const recorded = join(temporaryFolder(), 'network.yaml');
    writeFileSync(recorded, 'kind: recorded\nfolder: .\nfile: x.raw\n');
    const none = await stand(['read'], recorded);
    expect(none.stderr).toContain('a stand of kind recorded has no slow control of its own');
    expect(none.code).toBe(2);
  });
});
