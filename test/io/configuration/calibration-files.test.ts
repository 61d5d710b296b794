import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  parseCalibration,
  readCalibration,
  readGivenCalibration,
  readFullCalibration,
  writeFullCalibration,
} from '../../../src/io/configuration/calibration-files.js';
import { textSha256 } from '../../../src/io/files.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { mapping } from '../../support/plans/daq-procedure.js';

function calibration(output: string, procedure: string, text: string) {
  const path = join(output, procedure, 'fit.yaml');
  mkdirSync(join(output, procedure));
  writeFileSync(path, text);
  return { procedure, file: { path, sha256: textSha256(text) } };
}

it('a calibration is a mapping, wherever it comes from', async () => {
  const output = temporaryFolder();
  const { file } = calibration(output, 'fit', '- 1\n');
  const wrong = { message: `${file.path}: a calibration is a mapping`, remedy: expect.stringContaining('target:') };
  await expect(readCalibration(file)).rejects.toMatchObject({ type: 'ConfigError', ...wrong });
  await expect(readGivenCalibration(file.path)).rejects.toMatchObject({ type: 'ConfigError', ...wrong });
  expect(() => parseCalibration('- 1\n', file.path, 'AnalysisError')).toThrow(
    expect.objectContaining({ type: 'AnalysisError', ...wrong }),
  );
});

it('all calibrations of a scan are read back with what they were made of', async () => {
  const output = temporaryFolder();
  expect(await readFullCalibration(output)).toBeUndefined();
  const made = [calibration(output, 'a', 'daq: {x: 1, y: 1}\n'), calibration(output, 'b', 'daq: {y: 2}\n')];
  const file = await writeFullCalibration(output, made);
  expect(await readCalibration(file)).toEqual(mapping('daq: {x: 1, y: 2}'));
  const full = await readFullCalibration(output);
  expect(full?.lineage).toEqual(made.map(({ procedure, file: { sha256 } }) => `${procedure}: sha256 ${sha256}`));
  expect(textSha256(full?.text ?? '')).toBe(file.sha256);
});
