import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { makeAxis } from '../dist/domain/config/axis/axis.js';
import { patchAt } from '../dist/domain/config/axis/axis.js';
import { makePlan } from '../dist/domain/plan/make-plan.js';
import { readSource } from '../dist/io/configuration/config-reader.js';
import { ratioOf } from './measure.js';

export const name = 'plan and key of 40,608 runs (to sha256 of as many 1 kB buffers)';
export const goal = 5;
export const better = 'lower';

export async function run() {
  const procedure = await toaScan();
  const buffer = Buffer.alloc(1024, 'abc');
  return ratioOf(
    () => planAndKey(procedure),
    () => {
      for (let run = 0; run < 40_608; run++) createHash('sha256').update(buffer).digest('hex');
    },
    { tries: 7 },
  );
}

function planAndKey(procedure) {
  const plan = makePlan(procedure);
  if (plan.runs !== 40_608) throw new Error(`${plan.runs} runs`);
  for (let run = 0; run < plan.runs; run++) {
    plan.patch(run);
    plan.key(run);
  }
}

/** 8 channels × 6 thresholds × 9 phases × 94 charges on a board of three chips. */
async function toaScan() {
  const file = fileURLToPath(new URL('../config-examples/board/three-chips.yaml', import.meta.url));
  const { value } = await readSource(file);
  const chips = ['roc_s0', 'roc_s1', 'roc_s2'];
  const paths = (...rest) => chips.flatMap((chip) => rest.map((path) => ['target', chip, ...path]));
  const halves = (parameter) => paths(['ReferenceVoltage', 0, parameter], ['ReferenceVoltage', 1, parameter]);
  const steps = (length, step, start = 0) => Array.from({ length }, (_, index) => start + index * step);
  const channels = steps(8, 10);
  const axes = [
    {
      kind: 'patch',
      name: 'channel',
      values: channels,
      patches: channels.map((channel) => patchAt(paths(['ch', channel, 'HighRange'], ['ch', channel, 'mask_toa']), 1)),
      defaults: new Map(),
    },
    { kind: 'key', name: 'Toa_vref', paths: halves('Toa_vref'), values: steps(6, 100, 112) },
    { kind: 'key', name: 'phase_strobe', paths: paths(['Top', 0, 'phase_strobe']), values: steps(9, 2) },
    { kind: 'key', name: 'Calib', paths: halves('Calib'), values: steps(94, 16) },
  ];
  return {
    type: 'daq',
    name: 'full_toa_scan',
    mode: 'summary',
    dataFormat: 'raw',
    dataColumns: [],
    merge: true,
    repeat: 1,
    runStartTdcProcedure: false,
    calibration: [],
    defaultState: value,
    initState: new Map(),
    axes: axes.map(makeAxis),
    allowNewParameters: false,
  };
}
