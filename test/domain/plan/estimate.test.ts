import { describe, expect, test } from 'vitest';
import { splitRecordBytes } from '../../../src/domain/hgcroc/layout.js';
import { estimate } from '../../../src/domain/plan/estimate.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { daqProcedure } from '../../support/plans/daq-procedure.js';

const axis = { kind: 'key', name: 'x', paths: [['daq', 'x']], values: [0, 1, 2, 3] } as const;
const board = 'target: {roc_s0: {Top: {0: {phase_ck: 1}}}, roc_s1: {Top: {0: {phase_ck: 1}}}, hostname: a}';
const menu = 'daq: {x: 0, active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 50}}}';
const plan = makePlan(daqProcedure({ defaults: `{${board}, ${menu}}`, axes: [axis] }));
const runBytes = 50 * 2 * splitRecordBytes;

describe('time and data are those of the runs that are still to be taken', () => {
  test('as configured', () => {
    const all = estimate(plan, 4, { configured: 3 });
    expect(all).toEqual({ events: 50, seconds: 12, secondsFrom: 'configured', bytes: 4 * runBytes });
    expect(estimate(plan, 1, { configured: 3 })).toMatchObject({ seconds: 3, bytes: runBytes });
    expect(estimate(plan, 0, { configured: 3 })).toMatchObject({ seconds: 0, bytes: 0 });
  });

  test('as measured', () => {
    const known = { measured: { seconds: 2, bytes: 1000.4 }, configured: 3 };
    expect(estimate(plan, 2, known)).toEqual({ events: 50, seconds: 4, secondsFrom: 'measured', bytes: 2001 });
  });
});
