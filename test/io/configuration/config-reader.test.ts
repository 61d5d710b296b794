import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DaqProcedure } from '../../../src/domain/config/procedure.js';
import { freezeProcedure, thawDaqProcedure } from '../../../src/domain/config/reading/freeze.js';
import { parseYaml } from '../../../src/domain/config/yaml/yaml.js';
import { ConfigError } from '../../../src/domain/errors.js';
import { makePlan } from '../../../src/domain/plan/make-plan.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'configuration-'))));
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return join(folder, 'main.yaml');
}

const board = `target:
  roc_s0: &chip
    ReferenceVoltage: {0: &half {Calib: 0, Toa_vref: 112}, 1: *half}
    Top: {0: {phase_strobe: 0, EN: 3}}
    ch: {0: &ch {HighRange: 0, Inputdac: 0}, 1: *ch}
  roc_s1: *chip
daq: {active_menu: calibAndL1A, menus: {calibAndL1A: {NEvents: 100}}, zmqPushPull_port: 8888}
client: {serverIP: localhost, zmqPushPull_port: 8888}
`;

describe('readConfiguration', () => {
  it('reads procedures, libraries and workflows into plans', async () => {
    const main = await write({
      'main.yaml': 'libraries: [lib/daq.yaml]\nworkflows: [{name: all, tasks: [scan]}]\n',
      'lib/daq.yaml': `
- name: scan
  type: daq
  system_settings:
    default: ../board.yaml
    override: {target: {roc_s0: {Top: {0: {EN: 1}}}}}
  parameters:
    - {key: [[roc_s0, roc_s1], Top, 0, phase_strobe], values: [1, 2]}
    - {key: [target, roc_s0, ReferenceVoltage, [0, 1], Calib], range: {stop: 300, step: 100}}
  repeat: 2
`,
      'board.yaml': board,
    });
    const configuration = await readConfiguration(main);
    const scan = configuration.procedures.get('scan') as DaqProcedure;
    const plan = makePlan(scan, [], { board: 'LD-1' });
    expect(plan.runs).toBe(12);
    expect(plan.axes).toEqual([
      { name: 'phase_strobe', length: 2 },
      { name: 'Calib', length: 3 },
    ]);
    expect([4, 10].map((run) => [plan.repeatOf(run), Object.fromEntries(plan.axisValues(run))])).toEqual([
      [0, { phase_strobe: 2, Calib: 100 }],
      [1, { phase_strobe: 2, Calib: 100 }],
    ]);
    expect(plan.send(0)).toEqual(
      parseYaml('target: {roc_s0: {Top: {0: {phase_strobe: 1}}}, roc_s1: {Top: {0: {phase_strobe: 1}}}}'),
    );
    expect(plan.send(1)).toEqual(parseYaml('target: {roc_s0: {ReferenceVoltage: {0: {Calib: 100}, 1: {Calib: 100}}}}'));
    const thawed = makePlan(thawDaqProcedure(freezeProcedure(scan)), [], { board: 'LD-1' });
    for (let run = 0; run < 12; run++) {
      expect(thawed.key(run)).toBe(plan.key(run));
      expect(thawed.state(run)).toEqual(plan.state(run));
    }
    expect(new Set(Array.from({ length: 12 }, (_, run) => plan.key(run))).size).toBe(12);
    expect(configuration.files.map(({ path }) => path)).toEqual(
      ['main.yaml', 'lib/daq.yaml', 'board.yaml'].map((name) => join(folder, name)),
    );
  });

  it('reports everything at once, with places and remedies', async () => {
    const main = await write({
      'main.yaml': `procedures:
  - name: scan
    type: daq
    system_settings: {default: board.yaml, init: missing.yaml, override: {target: {roc_s0: {Top: {0: {EM: 1}}}}}}
    parameters:
      - {key: [roc_s0, Top, 0, phase_strob], values: [1]}
      - {template: "{{ vale }}", values: [1]}
    data_columns: [chip, toa_men]
    repeet: 2
  - name: scan
    type: analysis
    daq: skan
`,
      'board.yaml': board,
    });
    const error = await readConfiguration(main).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect((error as ConfigError).message.replaceAll(`${folder}/`, '')).toMatchInlineSnapshot(`
      "main.yaml:9:5: unknown field 'repeet' in a DAQ procedure
          repeet: 2
          did you mean 'repeat'?
      main.yaml:4:50: cannot read missing.yaml: there is no such file
          system_settings: {default: board.yaml, init: missing.yaml, override: {target: {roc_s0: {Top: {0: {EM: 1}}}}}}
          looked for missing.yaml
      main.yaml:4:103: the default configuration has no 'target.roc_s0.Top.0.EM'
          system_settings: {default: board.yaml, init: missing.yaml, override: {target: {roc_s0: {Top: {0: {EM: 1}}}}}}
          did you mean 'target.roc_s0.Top.0.EN'?
      main.yaml:6:32: the default configuration has no 'target.roc_s0.Top.0.phase_strob'
          - {key: [roc_s0, Top, 0, phase_strob], values: [1]}
          did you mean 'target.roc_s0.Top.0.phase_strobe'?
      main.yaml:7:20: the template: 'vale' is undefined
          - {template: "{{ vale }}", values: [1]}
          templates are Jinja, with the one name \`value\`
      main.yaml:8:26: unknown column 'toa_men' in summary mode
          data_columns: [chip, toa_men]
          did you mean 'toa_mean'?
      main.yaml:10:11: a second entry is called 'scan'
          - name: scan
          the first stands at main.yaml:2:11
      main.yaml:12:10: there is no procedure 'skan'
          daq: skan
          did you mean 'scan'?"
    `);
  });
});
