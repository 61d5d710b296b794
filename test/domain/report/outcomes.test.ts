import { expect, test } from 'vitest';
import { outcomesOf, remarksOf, stateOf } from '../../../src/domain/report/outcomes.js';
import type { AnalysisReport, MeasurementReport } from '../../../src/domain/report/model.js';
import type { ScanEnd } from '../../../src/domain/scan/scan-end.js';

const at = '2026-01-02T03:04:05.000Z';
const end: ScanEnd = {
  ...{ scan: 's', firstRunId: 'f', stand: 'lab', state: 'aborted', ended: at },
  procedures: [
    { name: 'pedestals', type: 'daq', state: 'aborted', runs: 8, acquired: 3, quarantined: 1, failure: 'aborted' },
    {
      ...{ name: 'cal', type: 'analysis', state: 'done', runs: 0, acquired: 0, quarantined: 0 },
      answer: { verdict: 'accept', by: 'Ada', at },
    },
    { name: 'late', type: 'analysis', state: 'failed', runs: 0, acquired: 0, quarantined: 0, failure: 'no\nmore' },
  ],
};
const measurement = (name: string, partial: boolean) =>
  ({
    name,
    tables: [{ name: `${name}.x`, partial }],
    statistics: { measured: 5 },
    quarantined: [],
  }) as unknown as MeasurementReport;
const parts = {
  measurements: [measurement('pedestals', true), measurement('older', false)],
  analyses: [{ name: 'cal', state: 'done', quality: { verdict: 'ask', reason: 'broad' } } as unknown as AnalysisReport],
};

test('an end says what became of each procedure, and who answered', () => {
  expect(outcomesOf(parts, end)).toEqual([
    {
      ...{ name: 'pedestals', type: 'daq', state: 'aborted', text: '3 of 8 runs, 1 quarantined; aborted' },
      ...{ quality: undefined, answer: undefined, link: 'pedestals.x', detailed: true },
    },
    {
      ...{ name: 'cal', type: 'analysis', state: 'done', text: 'broad', quality: { verdict: 'ask', reason: 'broad' } },
      ...{ answer: 'accept: answered by Ada, 2026-01-02 03:04:05 UTC', link: 'cal/', detailed: true },
    },
    {
      ...{ name: 'late', type: 'analysis', state: 'failed', text: 'no', quality: undefined },
      ...{ answer: undefined, link: undefined, detailed: false },
    },
    {
      ...{ name: 'older', type: 'daq', state: 'of an earlier scan', text: '5 runs', quality: undefined },
      ...{ answer: undefined, link: 'older.x', detailed: true },
    },
  ]);
  expect(remarksOf(parts, end)).toEqual([
    'late: no',
    'not everything was measured: what there is stands in pedestals.x',
  ]);
});

test('a folder that does not know an end says so', () => {
  expect(stateOf({ closed: at }, end)).toBe('aborted');
  expect(stateOf({}, undefined)).toBe('open');
  expect(stateOf({ closed: at }, undefined)).toBe('unknown');
});
