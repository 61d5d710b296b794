import fc from 'fast-check';

/** A board that has a column of every kind, and registers that are none. */
export const oddBoard = `
target:
  roc_s0:
    ReferenceVoltage: {0: {Calib: 0}, 1: {Calib: 0}}
    Top: {0: {phase_strobe: 0, none: null}}
    HalfWise: {0: {HighRange: 0}}
    Unknown: {0: {secret: 1}}
  other: {Top: {0: {elsewhere: 1}}}
daq: {server: {NEvents: 100, l1a_generator_settings: [{name: A, BX: 16, enable: true}, {name: B, flavor: x}]}}
`;

/** Mostly what is right, so that one wrong part is seen among right ones. */
function mostly<T>(right: readonly T[], odd: readonly T[]): fc.Arbitrary<T> {
  const [usual, unusual] = [fc.constantFrom(...right), fc.constantFrom(...odd)];
  return fc.oneof({ weight: 14, arbitrary: usual }, { weight: 1, arbitrary: unusual });
}

const long = 'y'.repeat(120);
const name = mostly(
  ['scan', 'pedestal run', 'messung_ü', 'größe', '測定', 'a.b', 'x-1', '~ #1 100%', "it's", '2', long],
  [
    ...['Scan', 'GRÖSSE', 'messung_u\u0308', 'a/b', '..', '-o', ' a', 'a.', 'a.h5', 'a.2', 'owner.json', `${long}y`],
    ...['é'.repeat(61), 'a.0123456789.tmp', 'a\u202eb', 'a\u0000', ''],
  ],
);
const columns = ['chip', 'channel', 'corruption', 'Calib', 'phase_strobe', 'A_BX', 'A_enable', 'event_mode'];
const column = mostly(columns, [
  'adc',
  'adc_mean',
  'calib',
  'secret',
  'elsewhere',
  'HighRange',
  'B_BX',
  'none',
  'axis_chip',
  'a/b',
  'x_charge',
]);
const axisName = mostly(
  ['x', 'charge', 'a b', 'µ', 'chip', 'adc_mean', 'Calib', 'A_BX'],
  ['charge/threshold', '_v_pos', '_c_', '__members__', 'axis_chip', 'axis_adc_mean', 'a\u0007', '.', ''],
);

const values = mostly<readonly unknown[]>(
  [[0, 1], [3], [1, 2, 3]],
  [[null, 1], [{ x: 1 }, 2], [[1], 2], ['text', 1], [4096, 0], []],
);
const key = mostly<readonly unknown[]>(
  [
    ['roc_s0', 'ReferenceVoltage', [0, 1], 'Calib'],
    ['target', 'roc_s0', 'Top', 0, 'phase_strobe'],
    ['server', 'NEvents'],
  ],
  [
    ['roc_s0', 'Top', 0, 'none'],
    ['roc_s0', 'Top', 0, 'brand/new'],
    ['server', 'l1a_generator_settings'],
  ],
);
const keyed = fc.record(
  { key, values, name: axisName, label: fc.constant('any / text') },
  { requiredKeys: ['key', 'values'] },
);
const template = fc.constantFrom(
  'target: {roc_s0: {Top: {0: {phase_strobe: {{ value }} }}}}',
  'daq: {server: {l1a_generator_settings: [{BX: {{ value }} }, {}]}}',
);
const templated = fc.record({ template, values: fc.constantFrom([0, 1, 2], [5]), name: axisName });
const patches = mostly<readonly object[]>(
  [[{}, { daq: { server: { NEvents: 5 } } }], [{ daq: { server: { l1a_generator_settings: [{ name: 'C' }, {}] } } }]],
  [
    [{ daq: { server: { l1a_generator_settings: [{ name: 'A/B' }, {}] } } }],
    [{ daq: { server: { l1a_generator_settings: [{}] } } }],
  ],
);
const patched = fc.record({ values: patches, name: axisName }, { requiredKeys: ['values'] });
const zipped = fc.tuple(keyed, keyed, values, axisName).map(([a, b, shared, name]) => ({
  name,
  zip: [
    { ...a, values: shared },
    { ...b, values: shared },
  ],
}));
const axis = fc.oneof({ weight: 4, arbitrary: keyed }, templated, patched, zipped);

const override = mostly<object>(
  [{ target: { roc_s0: { Top: { 0: { phase_strobe: 3 } } } } }, { server: { NEvents: 7 } }],
  [
    { target: { roc_s0: { Top: { 0: { 'a/b': 1 } } } } },
    { daq: { server: { l1a_generator_settings: [{ name: 'A/B' }, {}] } } },
    { daq: { server: { l1a_generator_settings: [{ name: 'A' }] } } },
  ],
);
const settings = fc.record(
  { default: fc.constant('board.yaml'), allow_new_parameters: mostly([false], [true]), override },
  { requiredKeys: ['default'] },
);
const daq = fc.record(
  {
    type: fc.constant('daq'),
    name,
    system_settings: settings,
    mode: mostly(['summary'], ['full']),
    merge: mostly([true], [false]),
    repeat: fc.constantFrom(1, 2),
    order: fc.constantFrom('linear', 'snake', 'shuffle'),
    data_columns: fc.array(column, { maxLength: 3 }),
    parameters: fc.array(axis, { maxLength: 2 }),
  },
  { requiredKeys: ['type', 'name', 'system_settings'] },
);

/** Analyses of procedures that are mostly there. */
function analysisOf(procedures: readonly string[]) {
  const data = mostly(procedures, ['nowhere', 'all']);
  const modes = fc.constantFrom<string | readonly string[]>(
    ['full', 'summary'],
    ['summary', 'full'],
    'summary',
    'full',
  );
  return fc.record(
    {
      type: fc.constant('analysis'),
      name: fc.constantFrom('fit', 'noise map', 'größe'),
      daq: fc.oneof(data, fc.array(data, { minLength: 1, maxLength: 2 })),
      module_name: mostly(['pedestal', 'my-fit'], ['2nd', 'a.b', 'ü']),
      compatible_modes: modes,
    },
    { requiredKeys: ['type', 'name', 'daq', 'module_name'] },
  );
}

/** Contents of main files: one to three DAQ procedures and what refers to them. Most have one oddity or none. */
export const oddMain = fc
  .uniqueArray(daq, { minLength: 1, maxLength: 3, selector: (each) => each.name })
  .chain((list) => {
    const names = list.map((procedure) => procedure.name);
    const tasks = fc.array(mostly(names, ['nowhere', 'all']), { minLength: 1, maxLength: 3 });
    const workflow = fc.record({ name: mostly(['all', 'all of it'], ['ALL', 'scan']), tasks });
    return fc.record({
      procedures: fc.array(analysisOf(names), { maxLength: 1 }).map((analyses) => [...list, ...analyses]),
      workflows: fc.array(workflow, { maxLength: 1 }),
    });
  });

/** Columns to ask for: some of every kind that the board has. */
export const oddColumns: readonly string[] = [...columns, 'none such', 'A_B', 'brand', 'C_BX'];
