import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { AnalysisProcedure, DaqProcedure } from '../../../src/domain/config/procedure.js';
import { ConfigError, formatProblem } from '../../../src/domain/errors.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { orderProcedures } from '../../../src/domain/plan/order.js';
import { previewProcedures } from '../../../src/domain/plan/preview.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { readGivenCalibration } from '../../../src/io/configuration/calibration-files.js';
import { readScan } from '../../../src/io/configuration/scan-opening.js';
import { mapping } from '../../support/plans/daq-procedure.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const board = `
target:
  roc_s0: {ReferenceVoltage: {0: {Calib: 0, Toa_vref: 112}}, Top: {0: {phase_strobe: 0}}, ch: {0: {HighRange: 0}, 1: {HighRange: 0}}}
daq:
  server: {NEvents: 100, zmqPushPull_port: 8888, l1a_generator_settings: [{name: A, BX: 16}, {name: B, BX: 32}]}
  client: {serverIP: localhost}
`;

function write(files: Record<string, string>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries({ 'board.yaml': board, ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Texts of all findings, without the folder. */
async function findings(files: Record<string, string>, isOwn?: (name: string) => Promise<boolean>): Promise<string> {
  const folder = write(files);
  const text = await readConfiguration(join(folder, 'main.yaml'), isOwn).then(
    ({ warnings }) => warnings.map(formatProblem).join('\n'),
    (error: unknown) => (error instanceof ConfigError ? error.message : `${String(error)}`),
  );
  return text.replaceAll(`${folder}/`, '');
}
const daq = (fields: string, settings = 'default: board.yaml', name = 'scan') =>
  `{name: ${name}, type: daq, system_settings: {${settings}}, ${fields}}`;
const main = (...procedures: string[]) => ({
  'main.yaml': `procedures:\n${procedures.map((text) => `  - ${text}\n`).join('')}`,
});
const axis = (text: string) => main(daq(`parameters: [${text}]`));

describe('parameters of analyses that ship', () => {
  const wrong = main(
    daq(''),
    '{name: a, type: analysis, daq: scan, module_name: pedestal, parameters: {ded: 0.1, noisy: -1}}',
  );

  it('are checked where the analysis is known to be that one', async () => {
    const text = await findings(wrong, () => Promise.resolve(false));
    expect(text).toMatch(/main\.yaml:3:\d+: pedestal: there is no parameter 'ded'\n.*\n +did you mean 'dead'\?;/);
    expect(text).toMatch(/main\.yaml:3:\d+: pedestal: parameter 'noisy' must be at least 0 robust deviations, not -1/);
  });

  it('are left to an analysis of one’s own, and to the worker', async () => {
    expect(await findings(wrong, () => Promise.resolve(true))).toBe('');
    expect(await findings(wrong)).toBe('');
  });
});

describe('names', () => {
  it('a cycle is printed', async () => {
    const text = await findings(
      main(daq('calibration: b', undefined, 'a'), '{name: b, type: analysis, daq: a, provides_calibration: true}'),
    );
    expect(text).toMatch(/main\.yaml:\d+:\d+: the procedures need each other in a cycle: a → b → a/);
  });

  it('a workflow that contains itself is a cycle', async () => {
    const workflows = 'workflows: [{name: v, tasks: [w]}, {name: w, tasks: [scan, v]}]\n';
    const text = await findings({ 'main.yaml': `${main(daq(''))['main.yaml']}${workflows}` });
    expect(text).toMatch(/in a cycle: v → w → v/);
  });

  it.each([
    [main(daq(''), daq('')), /main\.yaml:3:12: a second entry is called 'scan'[\s\S]*main\.yaml:2:12/],
    [main(daq(''), daq('', undefined, 'Scan')), /'Scan' and 'scan' differ only in case/],
    [main(daq('', undefined, '../x')), /the name '\.\.\/x' is no plain file name/],
    [main(daq('', undefined, 'scan.2')), /second occurrence/],
    [main(daq('calibration: pedestl')), /there is no procedure 'pedestl'/],
    [
      main(daq('mode: full'), '{name: fit, type: analysis, daq: scan}'),
      /'scan' is taken in full mode, which 'fit' does not read/,
    ],
    [main('{name: fit, type: analysis, daq: fit}'), /'fit' is no DAQ procedure/],
    [main('{name: fit, type: anlysis}'), /unknown type 'anlysis'/],
    [{ 'main.yaml': 'libraris: [x]\n' }, /main\.yaml:1:1: unknown field 'libraris'[\s\S]*did you mean 'libraries'/],
    [{ 'main.yaml': 'libraries: [lib.yaml]\n', 'lib.yaml': 'a: 1\n' }, /lib\.yaml:1:1: a library must be a list/],
    [{ 'main.yaml': '[]' }, /the main file must be a mapping/],
    [
      main(daq('', undefined, 'größe'), daq('', undefined, 'GRÖSSE')),
      /main\.yaml:3:12: 'GRÖSSE' and 'größe' differ only in how they are written/,
    ],
    [main(daq('', undefined, 'é'.repeat(61))), /main\.yaml:2:12: the name '.*' has 122 bytes, more than 120/],
    [
      main(daq('merge: false'), '{name: fit, type: analysis, daq: [scan]}'),
      /main\.yaml:3:39: analysis 'fit' needs the merged table of 'scan'[\s\S]*'scan' says merge: false; take that out/,
    ],
    [
      main(daq(''), '{name: fit 2, type: analysis, daq: scan}'),
      /main\.yaml:3:12: 'fit 2' is no name of an analysis[\s\S]*module_name names it/,
    ],
    [
      main(daq(''), '{name: fit, type: analysis, daq: scan, module_name: ../fit}'),
      /main\.yaml:3:57: '\.\.\/fit' is no name of an analysis/,
    ],
  ])('finding %#', async (files, message) => expect(await findings(files)).toMatch(message));
});

describe('parameters', () => {
  it.each([
    [
      axis('{key: [roc_s0, Top, 0, phase_strobe], values: [3, 16]}'),
      /main\.yaml:2:\d+: 'target\.roc_s0\.Top\.0\.phase_strobe' is 16, outside its register[\s\S]*0 to 15/,
    ],
    [axis('{key: [roc_s0, Top, 0, phase_strobe], values: [1.5]}'), /must be a whole number, not 1\.5/],
    [
      axis('{key: [roc_s0, ch, "0", HighRange], values: [1]}'),
      /'target\.roc_s0\.ch\.0'[\s\S]*the default has number 0 there, this is string/,
    ],
    [axis('{key: [roc_s0, ch, [0, 7], HighRange], values: [1]}'), /no 'target\.roc_s0\.ch\.7'/],
    [axis('{key: [roc_s0, ch, 0], values: [1]}'), /is a mapping in the default configuration/],
    [axis('{key: [server, NEvent], values: [1]}'), /no 'server\.NEvent'[\s\S]*did you mean 'daq\.server\.NEvents'/],
    [
      axis('{template: "target: {roc_s0: {ch: {{ \'{\' }}{{ value }}: {HighRange: 1}}}}", values: [0, 9]}'),
      /no 'target\.roc_s0\.ch\.9'/,
    ],
    [axis('{values: [{target: {roc_s0: {Topp: 1}}}]}'), /no 'target\.roc_s0\.Topp'[\s\S]*'target\.roc_s0\.Top'/],
    [axis('{key: [server, l1a_generator_settings], values: [[1]]}'), /has 1 elements, the list below it has 2/],
    [
      {
        ...main(daq('', 'default: board.yaml, init: init.yaml')),
        'init.yaml': 'daq: {server: {l1a_generator_settings: [{BX: 1}]}}\n',
      },
      /^init\.yaml:1:40: .*has 1 elements, the list below it has 2/,
    ],
    [
      main(
        daq(
          'parameters: [{key: [server, new], values: [[1]]}]',
          'default: board.yaml, allow_new_parameters: true, override: {server: {new: [1, 2]}}',
        ),
      ),
      /main\.yaml:2:\d+: at .*new: a list of 1 cannot be laid on the list of 2/,
    ],
    [axis('{key: [roc_s0, Top, 0, phase_strobe], values: []}'), /'values' is an empty list/],
    [axis('{key: [roc_s0, Top, 0, phase_strobe]}'), /has no values/],
    [axis('{key: [roc_s0, Top, 0, phase_strobe], values: {stop: 3, step: 0}}'), /step is 0/],
    [
      axis('{zip: [{key: [server, NEvents], values: [1]}, {key: [roc_s0, Top, 0, phase_strobe], values: [1, 2]}]}'),
      /the axes of a zip have 1, 2 values/,
    ],
    [axis('{values: [1]}'), /an axis without key needs mappings as values, not 1/],
    [main(daq('', 'default: board.yaml, override: {roc_s0: {}}')), /no 'roc_s0'[\s\S]*did you mean 'target\.roc_s0'/],
    [
      {
        ...main(daq('', 'default: board.yaml, init: init.yaml')),
        'init.yaml': 'target:\n  roc_s0:\n    Top:\n      0:\n        phase_strob: 1\n',
      },
      /init\.yaml:5:9: [\s\S]*phase_strobe/,
    ],
    [main(daq('repeat: 0')), /'repeat' of a DAQ procedure must be at least 1, not 0/],
    [main(daq('merge: 3')), /'merge' of a DAQ procedure must be true or false, not 3/],
    [main(daq('', 'init: board.yaml')), /has no 'system_settings\.default'/],
  ])('finding %#', async (files, message) => expect(await findings(files)).toMatch(message));

  it('allow_new_parameters turns unknown ones into warnings', async () => {
    const settings =
      'default: board.yaml, allow_new_parameters: true, override: {target: {roc_s0: {Top: {0: {New: 1}}}}}';
    expect(await findings(main(daq('', settings)))).toMatch(
      /^main\.yaml:2:\d+: warning: the default configuration has no/,
    );
  });

  it('an axis over HalfWise that channels with values of their own do not follow is warned of', async () => {
    const half = '{HalfWise: {0: {HighRange: 0, LowRange: 0}}, ch: {0: {HighRange: 0}, 1: {HighRange: 0}}}';
    const scanOver = (parameter: string) => ({
      ...axis(`{key: [roc_s0, HalfWise, 0, ${parameter}], values: [0, 1]}`),
      'board.yaml': `target: {roc_s0: ${half}}\n`,
    });
    expect(await findings(scanOver('HighRange'))).toMatch(
      /^main\.yaml:2:\d+: warning: 2 channels of roc_s0 do not follow the axis 'HighRange' over HalfWise/,
    );
    expect(await findings(scanOver('LowRange'))).toBe('');
  });

  it('hostname and port inside target are no registers', async () => {
    const settings = 'default: board.yaml, override: {target: {hostname: board, port: 5555}}';
    expect(await findings(main(daq('', settings)))).toBe('');
  });

  it('puts the daq part where the default has it, and target in front of keys without a root', async () => {
    const folder = write(
      axis('{key: [server, NEvents], values: [1, 2]}, {key: [roc_s0, Top, 0, phase_strobe], values: [1]}'),
    );
    const { procedures } = await readConfiguration(join(folder, 'main.yaml'));
    const plan = makePlan(procedures.get('scan') as DaqProcedure);
    expect(plan.patch(1)).toEqual(
      mapping('{daq: {server: {NEvents: 2}}, target: {roc_s0: {Top: {0: {phase_strobe: 1}}}}}'),
    );
  });
});

describe('columns', () => {
  const asked = (name: string, fields = '') => main(daq(`data_columns: [chip, ${name}]${fields}`));
  const generators = 'daq: {server: {l1a_generator_settings: [{name: A/B}, {}]}}';

  it.each([
    [asked('adc_meen'), /main\.yaml:2:\d+: unknown column 'adc_meen' in summary mode[\s\S]*did you mean 'adc_mean'/],
    [asked('adc'), /unknown column 'adc' in summary mode[\s\S]*'adc' is a column of mode full/],
    [asked('hostname'), /unknown column 'hostname'/],
    [asked('NEvents', ', parameters: [{name: z, zip: [{key: [server, NEvents], values: [1]}]}]'), /^$/],
    [asked('z', ', parameters: [{name: z, zip: [{key: [server, NEvents], values: [1]}]}]'), /unknown column 'z'/],
    [asked('errorbit'), /^main\.yaml:2:\d+: warning: the column 'errorbit' does not exist any more/],
    [
      axis('{name: charge/threshold, key: [roc_s0, ReferenceVoltage, 0, Calib], values: [0]}'),
      /main\.yaml:2:89: the column name 'charge\/threshold' has a '\/'[\s\S]*its label may be any text/,
    ],
    [
      axis('{name: _v_x, values: [{}]}'),
      /main\.yaml:2:89: the column name '_v_x' is one that PyTables keeps for itself/,
    ],
    [
      axis('{name: chip, values: [{}]}, {name: axis_chip, values: [{}]}'),
      /main\.yaml:2:117: two columns of the table would be called 'axis_chip'/,
    ],
    [main(daq('', `default: board.yaml, override: {${generators}}`)), /the column name 'A\/B_BX' has a '\/'/],
    [main(daq('data_columns: [chip, B_BX]', `default: board.yaml, override: {${generators}}`)), /^$/],
  ])('finding %#', async (files, message) => expect(await findings(files)).toMatch(message));

  it('that a calibration brings are looked at by plan and run alike', async () => {
    const files = main(daq('', 'default: board.yaml, allow_new_parameters: true'));
    const config = join(write(files), 'main.yaml');
    const [folder, words] = [dirname(config), "the column name 'a/b' has a '/'"];
    writeFileSync(join(folder, 'calibration.yaml'), 'target: {roc_s0: {Top: {0: {a/b: 1}}}}\n');
    writeFileSync(join(folder, 'net.yaml'), 'server: {hostname: localhost}\n');
    const configuration = await readConfiguration(config);
    const calibration = await readGivenCalibration(join(folder, 'calibration.yaml'));
    const planned = orderProcedures(configuration, ['scan']);
    await expect(previewProcedures(configuration, planned, { calibration })).rejects.toThrow(words);
    const request = { config, procedures: ['scan'], output: join(folder, 'out'), network: join(folder, 'net.yaml') };
    const scan = readScan({ ...request, calibration: join(folder, 'calibration.yaml') });
    await expect(scan).rejects.toThrow(words);
    await expect(readScan(request)).resolves.toBeDefined();
  });
});

describe('files', () => {
  it('keys that stand twice are warned of', async () => {
    const files = {
      ...main(daq('', 'default: board.yaml, init: init.yaml')),
      'init.yaml': 'target: {roc_s0: {Top: {0: {phase_strobe: 1}}}}\ntarget: {roc_s0: {}}\n',
    };
    expect(await findings(files)).toMatch(/^init\.yaml:2:1: warning: this key stands in the mapping already/);
  });

  it('too large or none at all are refused', async () => {
    const folder = write({ ...main(daq('', 'default: big.yaml')), 'big.yaml': ' '.repeat(17 * 1024 * 1024) });
    await expect(readConfiguration(join(folder, 'main.yaml'))).rejects.toThrow(/17\.8 MB are too much/);
    await expect(readConfiguration(folder)).rejects.toThrow(/no regular file|it is a folder/);
    await expect(readConfiguration(join(folder, 'none.yaml'))).rejects.toThrow(/there is no such file/);
    await expect(readConfiguration(folder)).rejects.toMatchObject({
      remedy: 'name a file in it: big.yaml, board.yaml, main.yaml',
    });
    await expect(readConfiguration(join(folder, 'mian.yml'))).rejects.toMatchObject({
      remedy: `did you mean '${join(folder, 'main.yaml')}'?`,
    });
    await expect(readConfiguration('/dev/zero')).rejects.toThrow(/no regular file/);
  });

  it('outside of what may be read are not named in place of one that is missing', async () => {
    const missing = join(write(main(daq(''))), 'mian.yaml');
    vi.stubEnv('DATENRAFFINERIE_CONFIG_ROOTS', missing);
    try {
      await expect(readConfiguration(missing)).rejects.toMatchObject({ remedy: `looked for ${missing}` });
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

describe('the older spelling', () => {
  const old = `
- name: scan
  type: daq
  event_mode: true
  target_settings: {power_on_default: chips.yaml, initial_config: init.yaml}
  daq_settings:
    default: daq.yaml
    server_override: {NEvents: 4000}
    client_override:
- {name: fit, type: analysis, daq: scan, python_module_name: fitter, compatible_modes: full}
`;
  const files = {
    'main.yaml': 'libraries: [old.yaml]\n',
    'old.yaml': old,
    'chips.yaml': 'hostname: h\nport: 5555\nroc_s0: {Top: {0: {phase_strobe: 0}}}\n',
    'init.yaml': 'roc_s0: {Top: {0: {phase_strobe: 3}}}\n',
    'daq.yaml': 'server: {NEvents: 1}\nclient: {hw_type: LD}\n',
  };

  it('means the same as the present one', async () => {
    const { procedures } = await readConfiguration(join(write(files), 'main.yaml'));
    const scan = procedures.get('scan') as DaqProcedure;
    expect(scan.mode).toBe('full');
    expect((procedures.get('fit') as AnalysisProcedure).moduleName).toBe('fitter');
    expect(makePlan(scan).startState).toEqual(
      mapping(
        '{target: {hostname: h, port: 5555, roc_s0: {Top: {0: {phase_strobe: 3}}}}, server: {NEvents: 4000}, client: {hw_type: LD}}',
      ),
    );
  });

  it('is warned of once, with the new name', async () => {
    const text = await findings({
      ...files,
      'old.yaml': old + old.replace('name: scan', 'name: scan2').replace('{name: fit', '{name: fit2'),
    });
    expect(text.match(/warning(?!: no CalibrationSC)/g)).toHaveLength(7);
    expect(text.match(/warning: no CalibrationSC/g)).toHaveLength(2); // event mode of each
    expect(text).toMatch(/old\.yaml:4:3: warning: 'event_mode' is the older spelling[\s\S]*write mode: full instead/);
    expect(text).toMatch(/'target_settings\.power_on_default'[\s\S]*write system_settings\.default instead/);
  });
});

it('a configuration with very many findings shows the first 200', async () => {
  const fields = Array.from({ length: 20_000 }, (_, n) => `    unknown_${n}: 1\n`).join('');
  const text = await findings({
    'main.yaml': `procedures:\n  - name: p\n    type: daq\n    system_settings: {default: board.yaml}\n${fields}`,
  });
  expect(text).toContain('more than 200 findings: the others are not shown');
  expect(text.split('\n').length).toBeLessThan(1000);
});
