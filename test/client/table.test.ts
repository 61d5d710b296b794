import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { writeSample } from '../io/hdf5/sample.js';

async function sample(rows: number): Promise<string> {
  const path = join(temporaryFolder(), 'table.h5');
  await writeSample(path, rows);
  return path;
}

describe('table', () => {
  test('shows where the rows come from, columns with ranges, and the first rows', async () => {
    const path = await sample(300);
    const { code, stdout, stderr } = await runCli(['table', path, '--rows', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(path);
    expect(stdout).toContain('procedure  injection_scan (summary)');
    expect(stdout).toContain('comment    bei Nacht gemessen – grün');
    expect(stdout).toContain('axes       Calib × 3 (DAC)');
    expect(stdout).toContain('runs       3 with 3,000 events, 6 corrupt halves, 3 with a truncated end');
    expect(stdout).toMatch(/adcm +i32 +-1 +299\n/);
    expect(stdout).toMatch(/adc_mean +f32 +counts +0 +42.7143 +mean of the adc\n/);
    expect(stdout).toContain('first rows (2 of 300)');
    expect(stdout).toMatch(/ {2}0 +0 +-1 +-1 +0 +0 +-1 +0 +0 +0 +grün\n {2}1 +1 +1 +0 +0.142857 +1 +1 +1 +0.333333/);
  });

  test('--json for programs, --configuration alone', async () => {
    const path = await sample(300);
    const { stdout } = await runCli(['table', path, '--rows', '1', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      path,
      rows: 300,
      columns: expect.arrayContaining([
        { name: 'gain', type: 'i8', min: -1, max: 1, missing: 0 },
        { name: 'note', type: 'text (5 bytes)' },
      ]),
      metadata: { procedure: 'injection_scan', stand: 'local', axes: [{ name: 'Calib', length: 3, unit: 'DAC' }] },
      runs: [{ run: 0, firstRow: 0, rows: 100 }, { run: 1 }, { run: 2, firstRow: 200 }],
      first: [{ event: 0, adcm: -1, channel: -1, counter: 0, note: 'grün' }],
    });
    expect((await runCli(['table', path, '--configuration'])).stdout).toBe('target:\n  µ: 1\n');
  });

  test('an empty table is shown with its columns', async () => {
    const { code, stdout } = await runCli(['table', await sample(0)]);
    expect(code).toBe(0);
    expect(stdout).toContain('rows       0 of 39 bytes');
    expect(stdout).not.toContain('first rows');
  });

  test('what cannot be read is named in one line; exit codes', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'text.h5'), 'no table');
    const missing = await runCli(['table', join(folder, 'none.h5')]);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toBe(`datenraffinerie table: ${join(folder, 'none.h5')}: no such file, or not readable\n`);
    const text = await runCli(['table', join(folder, 'text.h5')]);
    expect(text).toMatchObject({ code: 1, stdout: '' });
    expect(text.stderr).toContain('text.h5: not an HDF5 file, or cut short (file signature not found)\n');
    expect((await runCli(['table', join(folder, 'text.h5'), '--rows', 'many'])).code).toBe(2);
  });
});
