import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/disk/folders.js';
import { writeSample } from './sample.js';

const installed = (tool: string) => spawnSync(tool, ['--version']).status === 0;

test.skipIf(!installed('h5dump'))(
  'h5dump shows rows and filters (skipped where hdf5-tools is not installed)',
  async () => {
    const path = join(temporaryFolder(), 'table.h5');
    await writeSample(path, 200_000, 20_000);
    const header = execFileSync('h5dump', ['-pH', '-d', '/data/measurements', path], { encoding: 'utf8' });
    expect(header).toContain('SIMPLE { ( 200000 ) / ( H5S_UNLIMITED ) }');
    expect(header).toMatch(/PREPROCESSING SHUFFLE\s+COMPRESSION DEFLATE \{ LEVEL 3 \}/);
    const last = execFileSync('h5dump', ['-d', '/data/measurements', '-s', '199998', '-c', '2', path], {
      encoding: 'utf8',
    });
    expect(last).toMatch(/\(199998\): \{\s+199998,\s+-1,/);
  },
);

test.skipIf(!installed('h5stat'))(
  'h5stat finds three groups and three compressed datasets (skipped without hdf5-tools)',
  async () => {
    const path = join(temporaryFolder(), 'table.h5');
    await writeSample(path, 200_000, 20_000);
    const output = execFileSync('h5stat', [path], { encoding: 'utf8' });
    expect(output).toContain('GZIP filter: 3');
    expect(output).toContain('# of unique groups: 3');
  },
);
