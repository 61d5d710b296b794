import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import type { AcquireOutcome } from '../../src/domain/scan/tasks.js';
import type * as OutputFolder from '../../src/io/output/output-folder.js';
import { startSimulator, type Simulator } from '../../src/simulator/simulator.js';
import { acquirePlan } from '../support/plans/acquire-plan.js';
import { daqProcedure } from '../support/plans/daq-procedure.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { hexaboardStand } from '../support/stand/stand-fixtures.js';

const disk = vi.hoisted(() => ({ full: false }));
vi.mock('../../src/io/output/output-folder.js', async (original) => {
  const real = await original<typeof OutputFolder>();
  return { ...real, freeBytes: (folder: string) => (disk.full ? Promise.resolve(0) : real.freeBytes(folder)) };
});

let simulator: Simulator;
beforeAll(async () => void (simulator = await startSimulator({ chips: 1, runSeconds: 0.01 })));
afterAll(() => simulator.close());

const procedure = daqProcedure({
  defaults:
    '{target: {roc_s0: {ReferenceVoltage: {1: {Calib: 0}}}}, ' +
    'daq: {active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 20}}}}',
  axes: [
    {
      kind: 'key',
      name: 'calib',
      paths: [['target', 'roc_s0', 'ReferenceVoltage', 1, 'Calib']],
      values: [100, 300, 500, 700],
    },
  ],
});
const plan = makePlan(procedure, [], { board: undefined });

/** One attempt at the whole plan, which is asked to end after `most` runs. */
function attempt(folder: string, most: number): Promise<AcquireOutcome> {
  let begun = 0;
  return acquirePlan(plan, folder, hexaboardStand(simulator.stands[0].ports), () => begun++ >= most);
}

test('an attempt that finds the disk full tells of the runs that the one before it has taken', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'raw'), { recursive: true });
  expect(await attempt(folder, 2)).toMatchObject({ end: 'cancelled', next: 2, acquired: 2 });

  disk.full = true;
  const waiting = await attempt(folder, 4);
  expect(waiting).toMatchObject({ end: 'space', next: 2, acquired: 0, reused: 2 });
  expect(waiting.reasons.at(-1)).toMatch(/^disk space: [\d.]+ MB are still to come, 0 B are free/);

  disk.full = false;
  expect(await attempt(folder, 4)).toMatchObject({ end: 'all', next: 4, acquired: 2, reused: 2 });

  disk.full = true; // nothing is to come any more
  expect(await attempt(folder, 4)).toMatchObject({ end: 'all', next: 4, acquired: 0, reused: 4 });
});
