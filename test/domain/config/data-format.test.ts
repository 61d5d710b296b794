import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { temporaryFolder } from '../../support/disk/folders.js';

/** The format that words of a procedure are read in, with warnings; or the errors. */
async function formatOf(calibration: readonly (number | undefined)[], settings: string): Promise<string | string[]> {
  const folder = temporaryFolder();
  const halves = calibration.map(
    (value, half) => `${half}: {L1Offset: 1${value === undefined ? '' : `, CalibrationSC: ${value}`}}`,
  );
  writeFileSync(join(folder, 'default.yaml'), `target: {roc_s0: {DigitalHalf: {${halves.join(', ')}}}}\n`);
  const main = join(folder, 'main.yaml');
  writeFileSync(main, `procedures:\n- {name: p, type: daq, system_settings: {default: default.yaml}, ${settings}}\n`);
  const read = await readConfiguration(main).catch((error: Error) => error);
  if (read instanceof Error) return read.message.split('\n').filter((line) => line.startsWith(main));
  const procedure = read.procedures.get('p');
  const format = procedure?.type === 'daq' ? procedure.dataFormat : '';
  return read.warnings.length === 0 ? format : [format, ...read.warnings.map(({ message }) => message)];
}

it.each<[readonly (number | undefined)[], string, string]>([
  [[1, 1], 'mode: full', 'characterisation'],
  [[0, 0], 'mode: full', 'raw'],
  [[1, 1], 'mode: full, data_format: characterisation', 'characterisation'],
  [[1, 1], 'mode: full, data_format: {force: raw}', 'raw'],
  [[0, 1], 'mode: full, data_format: {force: characterisation}', 'characterisation'],
  [[1, 1], 'mode: summary', 'raw'],
  [[undefined, undefined], 'mode: full, data_format: characterisation', 'characterisation'],
])('CalibrationSC %j and %s: %s', async (calibration, settings, format) => {
  expect(await formatOf(calibration, settings)).toBe(format);
});

it('nothing said anywhere is taken for raw, with a warning', async () => {
  expect(await formatOf([undefined, undefined], 'mode: full')).toEqual([
    'raw',
    'no CalibrationSC says what the chips send: the words are taken for raw',
  ]);
});

it.each([
  [
    [1, 1],
    'mode: full, data_format: raw',
    'data_format is raw, but CalibrationSC makes the chips send characterisation words',
  ],
  [[0, 0], 'mode: full, data_format: characterisation', 'but CalibrationSC makes the chips send raw words'],
  [[0, 1], 'mode: full', 'CalibrationSC differs between halves'],
])('CalibrationSC %j and %s is an error with its place', async (calibration, settings, message) => {
  const found = await formatOf(calibration, settings);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
