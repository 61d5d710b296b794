import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerDifferences } from '../../src/domain/daq/readback.js';
import { targetPart } from '../../src/domain/daq/parts.js';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { acquirePlan } from '../support/plans/acquire-plan.js';
import { daqProcedure, mapping } from '../support/plans/daq-procedure.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { hexaboardStand } from '../support/stand/stand-fixtures.js';

/** `full_readback`: the chips' whole state stands beside every run, over real sockets. */
let simulator: Simulator;
beforeAll(async () => void (simulator = await startSimulator({ chips: 2, runSeconds: 0.01 })));
afterAll(() => simulator.close());

const values = [100, 500, 900];
const procedure = daqProcedure({
  defaults:
    '{target: {roc_s0: {ReferenceVoltage: {1: {Calib: 0}}, ch: {10: {HighRange: 1}}}, roc_s1: {Top: {0: {phase_strobe: 6}}}}, ' +
    'daq: {active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 20}}}}',
  axes: [{ kind: 'key', name: 'calib', paths: [['target', 'roc_s0', 'ReferenceVoltage', 1, 'Calib']], values }],
});
const plan = makePlan(procedure, [], { board: undefined });

/** Measures what is not on disk. */
async function measure(folder: string, fullReadback: boolean): Promise<number> {
  const stand = hexaboardStand(simulator.stands[0].ports, { fullReadback });
  return (await acquirePlan(plan, folder, stand)).acquired;
}

const stateFile = (folder: string, run: number): string => join(folder, 'raw', `run_0000${run}.chips.yaml`);
const superseded = (folder: string): string[] => readdirSync(join(folder, 'raw', 'superseded')).sort();

test('all registers stand beside each run; measured again, the former ones are kept with their raw file', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'raw'), { recursive: true });
  expect(await measure(folder, true)).toBe(3);
  for (const run of values.keys()) {
    const state = mapping(readFileSync(stateFile(folder, run), 'utf8'));
    expect(registerDifferences(targetPart(plan.state(run)), state)).toEqual([]);
    expect([...state.keys()]).toEqual(['roc_s0', 'roc_s1']); // whole chips, not only what was written
    expect(
      registerDifferences(mapping('{roc_s1: {ch: {71: {trim_inv: 0}}, MasterTdc: {0: {VD_CTDC_P_D: 0}}}}'), state),
    ).toEqual([]);
  }
  const before = readFileSync(stateFile(folder, 1), 'utf8');

  rmSync(join(folder, 'raw', 'run_00001.raw'));
  expect(await measure(folder, true)).toBe(1);
  expect(superseded(folder)).toEqual(['run_00001.chips.yaml.1']);
  expect(readFileSync(stateFile(folder, 1), 'utf8')).toBe(before);

  rmSync(join(folder, 'raw', 'run_00001.raw'));
  expect(await measure(folder, false)).toBe(1);
  expect(existsSync(stateFile(folder, 1))).toBe(false); // it would tell of another measurement
  expect(superseded(folder)).toEqual(['run_00001.chips.yaml.1', 'run_00001.chips.yaml.2']);
  expect(existsSync(stateFile(folder, 2))).toBe(true);
});
