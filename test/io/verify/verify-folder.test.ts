import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import type { Verified } from '../../../src/io/verify/fault.js';
import { verifyFolder } from '../../../src/io/verify/verify-folder.js';
import { contentsOf, keptScans, restoreFixture } from '../../support/disk/output-fixture.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const signal = new AbortController().signal;

async function verify(folder: string): Promise<Verified[]> {
  const all: Verified[] = [];
  for await (const each of verifyFolder(folder, signal)) all.push(each);
  return all;
}

/** Faults as `file below the folder: message`. */
async function faultsOf(folder: string): Promise<string[]> {
  const all = await verify(folder);
  return all.flatMap(({ faults }) => faults.map(({ path, message }) => `${path.slice(folder.length + 1)}: ${message}`));
}

function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  writeFileSync(path, bytes);
}

const whole = (): string => join(restoreFixture('2.0.0'), 'no-board');

describe('an output folder', () => {
  test.each(keptScans('2.0.0'))('of 2.0.0 is as it was, and stays so: $output', async ({ output }) => {
    const folder = join(restoreFixture('2.0.0'), output);
    const before = contentsOf(folder);
    const all = await verify(folder);
    expect(all.length).toBeGreaterThan(0);
    expect(all.flatMap(({ faults }) => faults)).toEqual([]);
    expect(contentsOf(folder)).toEqual(before);
  });

  const table = 'was changed after it was made: another sha256';
  test.each([
    ['a bit in a table', 'pedestal_scan.h5', 5000, [`pedestal_scan.h5: ${table}`]],
    ['the last byte of a table', 'pedestal_scan.h5', -1, [`pedestal_scan.h5: ${table}`]],
    [
      'a bit of a calibration',
      'pedestal_calibration/pedestal_calibration.yaml',
      10,
      ['pedestal_calibration/pedestal_calibration.yaml: is not the calibration that the analysis has made'],
    ],
  ])('%s that is flipped is found', async (_, file, at, expected) => {
    const folder = whole();
    flip(join(folder, file), at);
    expect(await faultsOf(folder)).toEqual(expect.arrayContaining(expected));
  });

  it('names what was made of a table that is another one now', async () => {
    const folder = whole();
    flip(join(folder, 'pedestal_scan.h5'), 3000);
    const made = /^pedestal_calibration: it was made of another table than .*pedestal_scan\.h5 is now$/;
    expect(await faultsOf(folder)).toContainEqual(expect.stringMatching(made));
  });

  it('names raw files that are others, shorter or missing, and parts of others; parts may be missing', async () => {
    const folder = whole();
    const raw = join(folder, 'pedestal_scan', 'raw');
    const [first, second, third] = readdirSync(raw).sort();
    flip(join(raw, first), 100);
    truncateSync(join(raw, second), 50);
    rmSync(join(raw, third));
    const trimmed = join(folder, 'trimmed_run', 'parts');
    const [part, other] = readdirSync(trimmed).sort();
    writeFileSync(join(trimmed, part), readFileSync(join(trimmed, other)));
    rmSync(join(folder, 'pedestal_scan', 'parts'), { recursive: true });
    expect(await faultsOf(folder)).toEqual([
      expect.stringMatching(
        /^pedestal_scan\/raw\/run_00000\.raw: is not what was measured: its sha256 is not [0-9a-f]{12}…$/,
      ),
      expect.stringMatching(/^pedestal_scan\/raw\/run_00001\.raw: is not what was measured/),
      'pedestal_scan/raw/run_00002.raw: is missing',
      'trimmed_run/parts/run_00000.part: is not made of the raw file as it is',
    ]);
  });

  it('says that a configuration is another one, and goes on where a file cannot be read', async () => {
    const folder = whole();
    const frozen = join(folder, 'pedestal_scan', 'procedure.yaml');
    writeFileSync(frozen, readFileSync(frozen, 'utf8').replaceAll(/ Calib: 0/g, ' Calib: 1'));
    rmSync(join(folder, 'trimmed_run', 'procedure.yaml'));
    const faults = await faultsOf(folder);
    expect(faults).toContainEqual(
      expect.stringMatching(/run_00000\.raw: run 0 was measured with another configuration/),
    );
    expect(faults).toContainEqual(expect.stringMatching(/^trimmed_run: .*procedure\.yaml is missing/));
  });

  it('of a board has the runs of that board, also where no table was made', async () => {
    const folder = join(restoreFixture('2.0.0'), 'dashed-board');
    rmSync(join(folder, 'injection_scan.h5'));
    rmSync(join(folder, 'injection_scan', 'provenance.json'));
    expect(await faultsOf(folder)).toEqual([]);
  });

  it('is no other folder', async () => {
    await expect(verify(temporaryFolder())).rejects.toThrow(/is no output folder/);
    await expect(verify('/no/such/folder')).rejects.toThrow('/no/such/folder is not there');
  });
});
