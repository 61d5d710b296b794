import { describe, expect, it } from 'vitest';
import type { AnalysisProcedure, Procedure } from '../../../src/domain/config/procedure.js';
import { ConfigError } from '../../../src/domain/errors.js';
import { orderProcedures } from '../../../src/domain/plan/order.js';
import { daqProcedure } from '../../support/plans/daq-procedure.js';

const daq = (name: string, calibration: string[] = []): Procedure =>
  daqProcedure({ name, calibration, defaults: '{}' });
const analysis = (name: string, data: string[], providesCalibration = false): AnalysisProcedure => ({
  type: 'analysis',
  name,
  daq: data,
  moduleName: name,
  parameters: new Map(),
  compatibleModes: ['summary'],
  providesCalibration,
});

const list = [
  daq('pedestal_scan'),
  analysis('pedestal_calibration', ['pedestal_scan'], true),
  analysis('noise', ['pedestal_scan']),
  daq('toa_scan', ['pedestal_calibration']),
  analysis('toa_calibration', ['toa_scan'], true),
  daq('injection_scan', ['toa_calibration']),
  analysis('response', ['injection_scan', 'pedestal_scan']),
];
const configuration = {
  procedures: new Map(list.map((procedure) => [procedure.name, procedure])),
  workflows: new Map([
    ['twice', { name: 'twice', tasks: ['pedestal_scan', 'pedestal_calibration', 'pedestal_scan', 'noise'] }],
    ['nested', { name: 'nested', tasks: ['twice', 'response'] }],
  ]),
};
const names = (...asked: string[]) => orderProcedures(configuration, asked).map(({ name }) => name);
const entry = (name: string, ...asked: string[]) =>
  orderProcedures(configuration, asked).find((each) => each.name === name);

describe('limits', () => {
  it('refuse more than 500 procedures in a sentence', () => {
    expect(names(...Array<string>(500).fill('pedestal_scan'))).toHaveLength(500);
    const many = () => names(...Array<string>(3000).fill('pedestal_scan'));
    expect(many).toThrow('the scan would have more than 500 procedures');
  });

  it('end workflows that double each other, named by a scan or needed by an analysis', () => {
    const tasks = (n: number): string[] => (n === 40 ? ['a'] : [`w${n + 1}`, `w${n + 1}`]);
    const workflows = new Map(Array.from({ length: 41 }, (_, n) => [`w${n}`, { name: `w${n}`, tasks: tasks(n) }]));
    const procedures = new Map<string, Procedure>([
      ['a', daq('a')],
      ['x', analysis('x', ['w0'])],
    ]);
    expect(() => orderProcedures({ procedures, workflows }, ['w0'])).toThrow('more than 500 procedures');
    expect(() => orderProcedures({ procedures, workflows }, ['x'])).toThrow('times over');
  });
});

describe('orderProcedures', () => {
  it('puts dependencies first, and else does as asked for', () => {
    expect(names('noise', 'toa_scan')).toEqual(['pedestal_scan', 'noise', 'pedestal_calibration', 'toa_scan']);
    expect(names('response')).toEqual([
      'pedestal_scan',
      'pedestal_calibration',
      'toa_scan',
      'toa_calibration',
      'injection_scan',
      'response',
    ]);
  });

  it('says why each is there and what must be done before', () => {
    expect(orderProcedures(configuration, ['toa_scan'])).toEqual([
      expect.objectContaining({ name: 'pedestal_scan', reason: 'data for pedestal_calibration', dependsOn: [] }),
      expect.objectContaining({
        name: 'pedestal_calibration',
        reason: 'calibration for toa_scan',
        dependsOn: ['pedestal_scan'],
      }),
      {
        name: 'toa_scan',
        procedure: 'toa_scan',
        type: 'daq',
        reason: 'asked for',
        dependsOn: ['pedestal_calibration'],
        calibrations: ['pedestal_calibration'],
      },
    ]);
  });

  it('lays on each calibration that was used to make one before it, and nothing else', () => {
    expect(entry('injection_scan', 'injection_scan')?.calibrations).toEqual([
      'pedestal_calibration',
      'toa_calibration',
    ]);
    expect(entry('pedestal_scan', 'pedestal_calibration', 'pedestal_scan')?.calibrations).toEqual([]);
    expect(entry('toa_scan', 'toa_calibration', 'response')?.calibrations).toEqual(['pedestal_calibration']);
  });

  it('takes a procedure once as a dependency, and again each time it is asked for again', () => {
    expect(names('noise', 'pedestal_scan')).toEqual(['pedestal_scan', 'noise']);
    expect(names('pedestal_scan', 'noise', 'pedestal_scan')).toEqual(['pedestal_scan', 'noise', 'pedestal_scan.2']);
    expect(names('pedestal_scan', 'pedestal_scan', 'pedestal_scan').at(-1)).toBe('pedestal_scan.3');
  });

  it('expands workflows of workflows; an analysis reads the latest data of its kind', () => {
    expect(names('nested').slice(0, 4)).toEqual(['pedestal_scan', 'pedestal_calibration', 'pedestal_scan.2', 'noise']);
    expect(entry('noise', 'twice')?.dependsOn).toEqual(['pedestal_scan.2']);
    expect(entry('pedestal_scan.2', 'twice')).toMatchObject({ procedure: 'pedestal_scan', reason: 'task of twice' });
  });

  it('names the nearest procedure where there is none', () => {
    expect(() => names('nois')).toThrow(ConfigError);
    expect(() => names('nois')).toThrow(/there is no procedure or workflow 'nois'[\s\S]*'noise'/);
  });
});
