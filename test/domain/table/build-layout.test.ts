import { describe, expect, it } from 'vitest';
import { makeAxis } from '../../../src/domain/config/axis/axis.js';
import { buildTableLayout, type LayoutRequest } from '../../../src/domain/table/build-layout.js';
import { eventColumnNames, summaryColumnNames } from '../../../src/domain/hgcroc/columns.js';
import { state } from '../../support/plans/configurations.js';

const channels = (parameters: object): object =>
  Object.fromEntries(Array.from({ length: 72 }, (_, channel) => [channel, parameters]));

const startState = state({
  target: {
    hostname: 'stand',
    roc_s0: {
      ch: channels({ Inputdac: 5, trim: -3 }),
      calib: { 0: { Inputdac: 0 }, 1: { Inputdac: 0 } },
      cm: { 0: { Inputdac: 0 }, 1: { Inputdac: 0 }, 2: { Inputdac: 0 }, 3: { Inputdac: 0 } },
      ReferenceVoltage: { 0: { Calib: 0, IntCtest: true }, 1: { Calib: 0, IntCtest: false } },
      Top: { 0: { phase_strobe: 0, name: 'A', gain: 0.5, offset: 0.1, IdleFrame: 214748364, none: null, list: [1] } },
      Unknown: { 0: { secret: 1 } },
    },
  },
  daq: { l1a_generator_settings: [{ name: 'A', enable: 1, BX: 16, length: 1, prescale: 0, flavor: 'L1A' }] },
});

const calib = makeAxis({
  kind: 'key',
  name: 'Calib',
  unit: 'DAC counts',
  paths: [['target', 'roc_s0', 'ReferenceVoltage', 0, 'Calib']],
  values: [0, 128, 1920],
});
const bx = makeAxis({
  kind: 'patch',
  name: 'trigger delay',
  patches: [20, 300].map((BX) => state({ daq: { l1a_generator_settings: [{ BX }] } })),
  defaults: new Map(),
  values: [20, 300],
});

function layoutOf(request: Partial<LayoutRequest>) {
  const built = buildTableLayout({ mode: 'summary', dataColumns: [], startState, axes: [], ...request });
  const types = Object.fromEntries(built.layout.schema.columns.map(({ name, type }) => [name, type]));
  return { ...built, types, names: Object.keys(types) };
}

describe('the columns of a table', () => {
  it('are all of them where none is asked for: measured, chip parameters by name, generators, axes', () => {
    const { names, problems } = layoutOf({ axes: [calib, bx] });
    expect(names).toEqual([
      ...summaryColumnNames,
      ...['Calib', 'IdleFrame', 'Inputdac', 'IntCtest', 'gain', 'name', 'offset', 'phase_strobe', 'trim'],
      ...['A_enable', 'A_BX', 'A_length', 'A_prescale', 'trigger delay'],
    ]);
    expect(problems).toEqual([]);
  });

  it('are those asked for, measured ones first, and the axes', () => {
    const dataColumns = ['Inputdac', 'toa_mean', 'chip', 'A_BX', 'chip'];
    expect(layoutOf({ dataColumns, axes: [calib, bx] }).names).toEqual([
      ...['toa_mean', 'chip', 'Inputdac', 'A_BX', 'Calib', 'trigger delay'],
    ]);
  });

  it('are signed in event mode, as differences need it', () => {
    const { types } = layoutOf({ mode: 'full', startState: new Map() });
    expect(types).toEqual(Object.fromEntries(eventColumnNames.map((name) => [name, 'i32'])));
  });

  it('are signed in summary mode', () => {
    const { types } = layoutOf({ startState: new Map() });
    expect([types['chip'], types['channel'], types['tot_iqr'], types['adc_mean'], types['corruption']]).toEqual([
      ...['i32', 'i16', 'i16', 'f32', 'f32'],
    ]);
  });

  it('have the types of 2.0.0 where such a table is kept', () => {
    const { types } = layoutOf({ mode: 'full', axes: [calib, bx], integers: 'unsigned' });
    expect(types).toMatchObject({ chip: 'u32', toa: 'u32', adc: 'i32', tot: 'i32', trigtime: 'i32' });
    expect(types).toMatchObject({ Calib: 'u16', Inputdac: 'u8', A_BX: 'u16', IdleFrame: 'u32', trim: 'i8' });
    expect(layoutOf({ integers: 'unsigned' }).types['chip']).toBe('u32');
  });

  it('take the smallest type for the values that occur in any run, with −1 where a channel has none', () => {
    const { types } = layoutOf({ axes: [calib, bx] });
    expect(types).toMatchObject({ Calib: 'i16', Inputdac: 'i8', IntCtest: 'i8', phase_strobe: 'i8', A_BX: 'i16' });
    expect(types).toMatchObject({ IdleFrame: 'i32', gain: 'f32', offset: 'f64', name: { text: 1 } });
    expect(types['trim']).toBe('i8'); // calibration and common-mode channels have none
    expect(layoutOf({}).types['Calib']).toBe('i8');
  });

  it('take the register’s range where it is known', () => {
    const ranges = (block: string, name: string) =>
      block === 'Top' && name === 'phase_strobe' ? { min: 0, max: 4095 } : undefined;
    expect(layoutOf({ ranges }).types['phase_strobe']).toBe('i16');
  });

  it('carry unit and label of their axis', () => {
    const { layout } = layoutOf({ axes: [calib] });
    expect(layout.schema.columns.find(({ name }) => name === 'Calib')).toEqual({
      name: 'Calib',
      type: 'i16',
      unit: 'DAC counts',
    });
  });

  it('give an axis with the name of a measured column another name', () => {
    const axis = makeAxis({ kind: 'patch', name: 'chip', patches: [new Map()], defaults: new Map(), values: ['left'] });
    const { layout } = layoutOf({ startState: new Map(), axes: [axis] });
    expect(layout.config).toEqual([
      { column: { name: 'axis_chip', type: { text: 4 } }, source: { kind: 'axis', name: 'chip' } },
    ]);
  });

  it('are reported where there is none of that name, with the nearest', () => {
    const dataColumns = ['adc_meen', 'Calibb', 'adc', 'event_mode', 'toa_mean'];
    const { problems, names } = layoutOf({ dataColumns });
    expect(names).toEqual(['toa_mean']);
    expect(problems.map(({ severity, message, remedy }) => `${severity}: ${message}: ${remedy}`)).toEqual([
      "error: unknown column 'adc_meen' in summary mode: did you mean 'adc_mean'?",
      "error: unknown column 'Calibb' in summary mode: did you mean 'Calib'?",
      "error: unknown column 'adc' in summary mode: 'adc' is a column of mode full",
      "warning: the column 'event_mode' does not exist any more: remove it",
    ]);
  });
});
