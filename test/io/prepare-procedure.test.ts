import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { thawDaqProcedure } from '../../src/domain/config/reading/freeze.js';
import { makePlan } from '../../src/domain/plan/make-plan.js';
import { originOf, type OpenedProcedure, type ScanContext } from '../../src/domain/scan/tasks.js';
import { fileSha256 } from '../../src/io/files.js';
import { loadDaqProcedure, writeFrozen } from '../../src/io/configuration/frozen-procedure.js';
import { prepareProcedure } from '../../src/io/configuration/prepare-procedure.js';
import { daqProcedure } from '../support/plans/daq-procedure.js';
import { temporaryFolder } from '../support/disk/folders.js';

const board = 'LD 7';
const defaults =
  'target: {roc_s0: {Top: {0: {phase_strobe: 0, gain: 0.1}}, ch: {0: {trim: -0.0}}}}\ndaq: {text: "0x1"}';
const axis = { kind: 'key', name: 'x', paths: [['daq', 'text']], values: ['1:30', 90, null, 1e-7, [1, 'a']] } as const;

it('plans what it freezes as everybody plans it who reads the file', async () => {
  const output = temporaryFolder();
  const procedure = daqProcedure({ defaults, axes: [axis], order: { kind: 'shuffle', seed: 3 }, repeat: 2 });
  const opened: OpenedProcedure = {
    ...{ name: 'scan.2', procedure: 'scan', type: 'daq', dependsOn: [], calibrations: [], moduleName: '' },
    ...{ runs: 10, mode: 'summary', merge: true, providesCalibration: false },
    file: await writeFrozen(join(output, '.scan', 'scan.2.yaml'), procedure),
  };
  const context: ScanContext = {
    scan: 's',
    firstRunId: 'f',
    output,
    marker: 'm',
    stand: 'local',
    network: null,
    board,
  };
  const calibration = { path: join(output, 'calibration.yaml'), sha256: '' };
  writeFileSync(calibration.path, 'target: {roc_s0: {Top: {0: {phase_strobe: 9}}, ch: {0: {trim: 0.25}}}}\n');
  const made = { ...calibration, sha256: await fileSha256(calibration.path) };

  const prepared = await prepareProcedure(context, opened, [made]);
  expect(prepared).toMatchObject({ runs: 10, reused: 0, next: 0 });
  const text = readFileSync(prepared.file.path, 'utf8');
  expect(text).toMatch(/^# calibrated by calibration\.yaml, sha256 [0-9a-f]{64}\n/);
  expect(prepared.file.sha256).toBe(await fileSha256(prepared.file.path));

  rmSync(prepared.file.path); // who prepared it need not read it
  const kept = await loadDaqProcedure(prepared.file, originOf(context));
  const read = thawDaqProcedure(text);
  const plan = makePlan(read, [], { board });
  const { axes: keptAxes, ...keptFields } = kept.procedure;
  const { axes: readAxes, ...readFields } = read;
  expect([keptFields, keptAxes.map(({ spec }) => spec), kept.text]).toEqual([
    ...[readFields, readAxes.map(({ spec }) => spec), text],
  ]);
  expect(kept.procedure.name).toBe('scan.2');
  for (let run = 0; run < plan.runs; run++) {
    expect(kept.plan.key(run)).toBe(plan.key(run));
    expect(kept.plan.state(run)).toEqual(plan.state(run));
  }
});
