import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { temporaryFolder } from '../../support/disk/folders.js';

/** What validate says of a procedure with these default registers and settings. */
async function findings(defaults: string, more = '', parameters = ''): Promise<string[]> {
  const folder = temporaryFolder();
  const main = join(folder, 'main.yaml');
  mkdirSync(dirname(main), { recursive: true });
  writeFileSync(join(folder, 'default.yaml'), defaults);
  writeFileSync(
    main,
    `procedures:\n- name: p\n  type: daq\n  system_settings: {default: default.yaml${more}}\n${parameters}`,
  );
  const read = await readConfiguration(main).catch((error: Error) => error);
  if (read instanceof Error) return read.message.split('\n').filter((line) => /^\S+:\d+:\d+: /.test(line));
  return read.warnings.map(({ message }) => `warning: ${message}`);
}

const chip = '{ReferenceVoltage: {0: {Calib: 5}, 1: {Calib: 7}}}';
const analog = 'target: {roc_s0: {GlobalAnalog: {0: {Cf: 4, Cf_comp: 2, Rf: 5}, 1: {Cf: 4, Cf_comp: 2, Rf: 5}}}}\n';

it.each([
  [`daq: {active_menu: r}\nroc_s0: {sc: ${chip}}\n`, "the chip 'roc_s0' stands beside target"],
  [`target: {roc_s0: {sc: ${chip}}}\n`, "'target.roc_s0.sc'"],
  ['some: {thing: 1}\n', "nothing reads 'some'"],
])('%j is an error: its registers would not be written', async (defaults, message) => {
  const [finding] = await findings(defaults);
  expect(finding).toContain(message);
});

it('another root beside known ones is warned of', async () => {
  expect(await findings(`target: {roc_s0: ${chip}}\nmetaData: {a: 1}\n`)).toEqual([
    "warning: nothing reads 'metaData' in a full configuration",
  ]);
});

it('a register that is wider in SiPM chips is a warning, beyond that an error', async () => {
  const override = (value: number): string =>
    `, override: {target: {roc_s0: {GlobalAnalog: {0: {Cf_comp: ${value}}}}}}`;
  expect(await findings(analog, override(3))).toEqual([]);
  expect(await findings(analog, override(10))).toEqual([
    "warning: 'target.roc_s0.GlobalAnalog.0.Cf_comp' is 10: right for SiPM chips only",
  ]);
  expect((await findings(analog, override(16)))[0]).toContain('is 16, outside its register');
});

it('values at a key may be mappings, which are checked as what they set', async () => {
  const axis = (values: string): string =>
    `  parameters:\n  - {key: [roc_s0, GlobalAnalog, [0, 1]], name: gain, values: ${values}}\n`;
  expect(await findings(analog, '', axis('[{Cf: 4, Rf: 5}, {Cf: 8, Rf: 9}]'))).toEqual([]);
  expect((await findings(analog, '', axis('[{Cf: 4}, {Cg: 8}]')))[0]).toContain("'target.roc_s0.GlobalAnalog.1.Cg'");
  expect((await findings(analog, '', axis('[{Cf: 4}, {Cf: 99}]')))[0]).toContain('is 99, outside its register');
  expect((await findings(analog, '', axis('[1, 2]')))[0]).toContain('is a mapping in the default configuration');
});
