import { describe, expect, it } from 'vitest';
import type { Scalar } from '../../../src/domain/config/value.js';
import { makeAxis } from '../../../src/domain/config/axis/axis.js';
import { updateMap } from '../../../src/domain/config/overlay.js';
import { encodeRun } from '../../../src/domain/hgcroc/encode.js';
import { EventColumns } from '../../../src/domain/hgcroc/event-columns.js';
import { RawDecoder } from '../../../src/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import { buildTableLayout } from '../../../src/domain/table/build-layout.js';
import type { TableLayout } from '../../../src/domain/table/layout.js';
import { eventRows, RowPacker, summaryRows } from '../../../src/domain/table/pack.js';
import { state } from '../../support/plans/configurations.js';
import { unpackRows } from '../../support/tables/packed-rows.js';
import { generateRecords } from '../../support/raw/raw-runs.js';
import { slowEventRows, slowRecords, slowSummary } from '../../support/raw/slow-decoder.js';

const raw = encodeRun(generateRecords({ events: 40, chips: 2, format: 'raw' }), { layout: 'split' });

const startState = state({
  target: {
    roc_s0: {
      ch: { 0: { HighRange: 1, twice: 1 }, 71: { HighRange: 7 } },
      calib: { 1: { HighRange: 3 } },
      cm: { 2: { HighRange: 4 } },
      MasterTdc: { 0: { EN_REF_BG: 5, twice: 2 }, 1: { EN_REF_BG: 6 } },
      ReferenceVoltage: { 0: { Calib: 10, twice: 3 }, 1: { Calib: 11 } },
      Top: { 0: { EN_REF_BG: 9, label: 'ä' } },
    },
    roc_s1: { MasterTdc: { 0: { EN_REF_BG: 1 }, 1: { EN_REF_BG: 2 } }, Top: { 0: { fraction: 0.25 } } },
  },
  daq: { server: { l1a_generator_settings: [{ name: 'A', BX: 16 }] } },
});
const axes = [makeAxis({ kind: 'patch', name: 'voltage', patches: [new Map()], defaults: new Map(), values: [1.5] })];
const axisValues: ReadonlyMap<string, Scalar> = new Map([['voltage', 1.5]]);

function summaryTable(layout: TableLayout, packer = new RowPacker(layout)) {
  const counter = new SummaryCounter();
  const decoder = new RawDecoder([counter]);
  decoder.push(raw);
  decoder.end();
  return unpackRows(layout.schema, packer.pack(summaryRows(summarize(counter))));
}

describe('packed summary rows', () => {
  const { layout } = buildTableLayout({ mode: 'summary', dataColumns: [], startState, axes });
  const packer = new RowPacker(layout);
  packer.setRun(startState, axisValues);
  const rows = summaryTable(layout, packer);

  it('carry the statistics', () => {
    const expected = slowSummary(slowRecords(raw));
    expect(rows).toHaveLength(156);
    expected.forEach((row, i) => {
      for (const [name, value] of Object.entries(row)) {
        expect(Math.abs(Number(rows[i][name]) - value), name).toBeLessThanOrEqual(1e-6 * Math.abs(value) + 1e-9);
      }
    });
  });

  it.each([
    ['a channel', 0, { HighRange: 1, EN_REF_BG: 9, Calib: 10 }],
    ['a channel without its own entry', 1, { HighRange: -1, EN_REF_BG: 9, Calib: 10 }],
    ['a channel of the other half', 71, { HighRange: 7, EN_REF_BG: 9, Calib: 11 }],
    ['a calibration channel', 73, { HighRange: 3, EN_REF_BG: 9, Calib: 11 }],
    ['a common-mode channel', 76, { HighRange: 4, EN_REF_BG: 9, Calib: 11 }],
    ['a channel of another chip', 78, { HighRange: -1, EN_REF_BG: 1, Calib: -1, fraction: 0.25, label: '' }],
    ['its other half', 78 + 36, { EN_REF_BG: 2 }],
    ['text and missing fractions', 5, { label: 'ä', fraction: NaN }],
  ])('have the configuration of %s', (_, row, expected) => {
    expect(rows[row]).toMatchObject(expected);
  });

  it('let the block that comes later win: ReferenceVoltage over MasterTdc over ch', () => {
    expect(rows[0]['twice']).toBe(3);
  });

  it('have generator settings and axes in every row', () => {
    for (const row of rows) expect(row).toMatchObject({ A_BX: 16, voltage: 1.5 });
  });

  it('follow the configuration from run to run', () => {
    const patch = state({ target: { roc_s1: { MasterTdc: { 1: { EN_REF_BG: 7 } } } } });
    packer.setRun(updateMap(startState, patch), new Map([['voltage', 2]]));
    const next = summaryTable(layout, packer);
    expect([0, 78, 78 + 36].map((row) => next[row]['EN_REF_BG'])).toEqual([9, 1, 7]);
    expect(next[155]['voltage']).toBe(2);
    packer.setRun(startState, axisValues);
    expect(summaryTable(layout, packer)).toEqual(rows);
  });

  it('of a chip that is not configured have −1', () => {
    const only = state({ target: { roc_s0: { Top: { 0: { gain: 3, trim: -2 } } } } });
    const built = buildTableLayout({
      mode: 'summary',
      dataColumns: ['chip', 'gain', 'trim'],
      startState: only,
      axes: [],
    });
    const other = new RowPacker(built.layout);
    other.setRun(only, new Map());
    const table = summaryTable(built.layout, other);
    expect(table[0]).toEqual({ chip: 0, gain: 3, trim: -2 });
    expect(table[78]).toEqual({ chip: 1, gain: -1, trim: -1 });
  });

  it('read keys that became text in JSON', () => {
    const text = new Map([
      ['target', new Map([['roc_s0', new Map([['Top', new Map([['0', new Map([['gain', 3]])]])]])]])],
    ]);
    const built = buildTableLayout({ mode: 'summary', dataColumns: ['gain'], startState: text, axes: [] });
    const other = new RowPacker(built.layout);
    other.setRun(text, new Map());
    expect(summaryTable(built.layout, other)[0]).toEqual({ gain: 3 });
  });
});

describe('packed event rows', () => {
  const { layout } = buildTableLayout({ mode: 'full', dataColumns: [], startState, axes });
  const packer = new RowPacker(layout);
  packer.setRun(startState, axisValues);
  const rows: Record<string, number | string>[] = [];
  const columns = new EventColumns('raw', (batch) => {
    rows.push(...unpackRows(layout.schema, packer.pack(eventRows(batch))));
  });
  const decoder = new RawDecoder([columns]);
  decoder.push(raw);
  decoder.end();
  columns.flush();

  it('carry what was measured', () => {
    const expected = slowEventRows(slowRecords(raw), 'raw');
    expect(rows).toHaveLength(expected.length);
    expected.forEach((row, i) => expect(rows[i]).toMatchObject(row));
  });

  it('have the configuration of their channel', () => {
    for (const row of rows.filter(({ chip }) => chip === 0)) {
      expect(row['Calib']).toBe(row['half'] === 0 ? 10 : 11);
      const key = `${row['half']}/${row['channel']}`;
      const high = { '0/0': 1, '1/35': 7, '1/36': 3, '1/37': 4 }[key] ?? -1;
      expect(row['HighRange'], key).toBe(high);
    }
  });
});
