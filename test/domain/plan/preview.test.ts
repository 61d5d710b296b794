import { describe, expect, test } from 'vitest';
import type { AnalysisProcedure, Procedure } from '../../../src/domain/config/procedure.js';
import { orderProcedures } from '../../../src/domain/plan/order.js';
import { previewProcedures, type PreviewOptions } from '../../../src/domain/plan/preview.js';
import { daqProcedure, mapping } from '../../support/plans/daq-procedure.js';

const defaults = 'daq: {x: 0, y: 0}';
const fit: AnalysisProcedure = {
  type: 'analysis',
  name: 'fit',
  daq: ['scan'],
  moduleName: 'fit',
  parameters: new Map(),
  compatibleModes: ['summary'],
  providesCalibration: true,
};
const check: AnalysisProcedure = { ...fit, name: 'check', daq: ['calibrated'], providesCalibration: false };
const procedures = new Map<string, Procedure>(
  [daqProcedure({ defaults }), fit, daqProcedure({ name: 'calibrated', defaults, calibration: ['fit'] }), check].map(
    (procedure) => [procedure.name, procedure],
  ),
);

/** A plan of all procedures in a folder where every run is there. */
function preview(options: PreviewOptions) {
  const planned = orderProcedures({ procedures, workflows: new Map() }, ['check']);
  const there: PreviewOptions = {
    reuse: async (_, plan) => ({ reused: plan.runs, reasons: [] }),
    analysis: async () => ({ reused: 1, reasons: [] }),
  };
  return previewProcedures({ procedures }, planned, { ...there, ...options });
}

async function reusedIn(options: PreviewOptions) {
  return (await preview(options)).map(({ planned, reused, reasons }) => [planned.name, reused, ...reasons]);
}

describe('what comes after a calibration', () => {
  const madeCalibration = async () => [mapping('daq: {y: 7}')];

  test('is compared with what is there where its calibration holds, laid on that of an earlier scan', async () => {
    const calibration = mapping('daq: {x: 5, y: 5}');
    expect(await reusedIn({ madeCalibration, calibration })).toEqual([
      ['scan', 1],
      ['fit', 1],
      ['calibrated', 1],
      ['check', 1],
    ]);
    const entries = await preview({ madeCalibration, calibration });
    expect(entries[0].plan?.startState).toEqual(mapping('daq: {x: 5, y: 5}'));
    expect(entries[2].plan?.startState).toEqual(mapping('daq: {x: 5, y: 7}'));
  });

  test.each<[string, PreviewOptions, unknown[]]>([
    [
      'will be made again',
      { madeCalibration, analysis: async () => ({ reused: 0, reasons: ['its code changed'] }) },
      ['fit', 0, 'its code changed'],
    ],
    ['is to be accepted first', { madeCalibration: async () => undefined }, ['fit', 1]],
  ])('is decided later where its calibration %s', async (_, options, fitted) => {
    expect(await reusedIn(options)).toEqual([
      ['scan', 1],
      fitted,
      ['calibrated', 0, 'decided when the calibration of fit is there'],
      ['check', 0, 'runs: calibrated will be measured'],
    ]);
  });
});

test('an analysis of a table that will be merged again runs, and is not said to be reused', async () => {
  const table: PreviewOptions['table'] = async ({ name }) => (name === 'scan' ? 'it is missing' : undefined);
  const [scan, fitted] = await reusedIn({ table });
  expect(scan).toEqual(['scan', 1, 'the table will be merged again: it is missing']);
  expect(fitted).toEqual(['fit', 0, 'runs: scan will be merged again']);
});
