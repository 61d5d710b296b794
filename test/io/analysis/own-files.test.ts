import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAnalysis } from '../../../src/io/analysis/find-module.js';
import { analysisKey } from '../../../src/io/analysis/hash.js';
import { ownFiles } from '../../../src/io/analysis/own-files.js';
import { analysisBench, folderWith } from '../../support/plans/run-analysis.js';

const javascript = `
  import { readFileSync } from 'node:fs';
  export const output = () => ({ summary: 'pads.txt' });
  export const run = (tables, context) =>
    context.text('pads.txt', readFileSync(new URL('./pads.csv', import.meta.url), 'utf8'));`;
const python = 'from .pads import Pads as pads\n';

/** The files of a workspace, of which `lab/` is the folder with the analysis `pads`. */
function workspace(files: Readonly<Record<string, string>>): { root: string; lab: string } {
  const root = folderWith({ 'lab/pads.csv': 'channel,pad\n', ...files });
  return { root, lab: join(root, 'lab') };
}

async function codeHash(lab: string): Promise<string> {
  return (await analysisKey(await findAnalysis('pads', [lab]), [], 'summary', new Map())).code;
}

/** Whether a file is the analysis' own: appends a line to it. */
async function isOwn(lab: string, file: string): Promise<boolean> {
  const before = await codeHash(lab);
  appendFileSync(file, '\n# changed\n');
  return (await codeHash(lab)) !== before;
}

describe('the code of an analysis changes with', () => {
  it.each([
    ['a data file, of whatever ending', 'lab/pads.csv', {}],
    ['a file without an ending', 'lab/MAP', { 'lab/MAP': '' }],
    ['a folder called dist or venv', 'lab/dist/table.npy', { 'lab/dist/table.npy': '', 'lab/venv/x.py': '' }],
    ['what lies beside the folder of its index', 'lab/common/fit.mjs', { 'lab/common/fit.mjs': '' }],
    ['a module outside that its modules import', 'shared/fit.js', { 'shared/fit.js': '' }],
    ['what that one imports in its turn', 'shared/line.ts', { 'shared/fit.js': `export * from './line.js'` }],
  ])('%s', async (_, changed, files) => {
    const { root, lab } = workspace({
      'lab/pads/index.mjs': `${javascript}\nimport { fit } from '../../shared/fit.js';`,
      'shared/line.ts': '',
      ...files,
    });
    expect(await isOwn(lab, join(root, changed))).toBe(true);
  });

  it.each([
    ['a module beside the collection', 'fits.py', 'import os, fits as f'],
    ['a package there, with its data', 'labtools/map.csv', 'from labtools.maps import pads'],
    ['a folder without __init__.py there', 'loose/gauss.py', 'import loose.gauss'],
    ['what such a module imports in its turn', 'second.py', '    from labtools import x # when it is needed'],
  ])('%s', async (_, changed, line) => {
    const { root, lab } = workspace({
      'lab/__init__.py': python,
      'lab/pads.py': `${line}\n`,
      'fits.py': '',
      'labtools/__init__.py': 'import second\n',
      'labtools/map.csv': '',
      'loose/gauss.py': '',
      'second.py': '',
    });
    expect(await isOwn(lab, join(root, changed))).toBe(true);
  });

  it('the content of what links lead to, files and folders', async () => {
    const { root, lab } = workspace({ 'lab/pads.mjs': javascript, 'elsewhere/a.txt': '', 'elsewhere/deep/b.txt': '' });
    symlinkSync('../elsewhere/a.txt', join(lab, 'a.txt'));
    symlinkSync(join(root, 'elsewhere/deep'), join(lab, 'deep'));
    expect(await isOwn(lab, join(root, 'elsewhere/a.txt'))).toBe(true);
    expect(await isOwn(lab, join(root, 'elsewhere/deep/b.txt'))).toBe(true);
  });

  it('the name of a file', async () => {
    const { lab } = workspace({ 'lab/pads.mjs': javascript });
    const before = await codeHash(lab);
    writeFileSync(join(lab, 'pads-2.csv'), readFileSync(join(lab, 'pads.csv')));
    rmSync(join(lab, 'pads.csv'));
    expect(await codeHash(lab)).not.toBe(before);
  });
});

describe('the code of an analysis stays with', () => {
  it.each([
    'lab/__pycache__/pads.cpython-312.pyc',
    'lab/node_modules/fit/index.js',
    'lab/.git/HEAD',
    'lab/.pads.py.swp',
    'lab/env/lib/site.py',
    'lab/results/scan.h5',
    'stranger.py',
  ])('%s', async (changed) => {
    const { root, lab } = workspace({
      'lab/__init__.py': python,
      'lab/pads.py': '# not a stranger: import stranger\n',
      'lab/env/pyvenv.cfg': '',
      'lab/results/.datenraffinerie': 'an output folder',
      [changed]: '',
    });
    expect(await isOwn(lab, join(root, changed))).toBe(false);
  });

  it('the place where its folder lies, and the time of its files', async () => {
    const files = { 'lab/pads.mjs': javascript };
    expect(await codeHash(workspace(files).lab)).toBe(await codeHash(workspace(files).lab));
  });
});

describe('files of an analysis', () => {
  it('are found once where links lead in circles, and pipes and broken links are passed over', async () => {
    const { lab } = workspace({ 'lab/deep/a.txt': '' });
    symlinkSync('..', join(lab, 'deep', 'up'));
    symlinkSync('nowhere', join(lab, 'broken'));
    symlinkSync('itself', join(lab, 'itself'));
    execFileSync('mkfifo', [join(lab, 'pipe')]);
    expect((await ownFiles(lab)).map((file) => relative(lab, file))).toEqual(['deep/a.txt', 'pads.csv']);
  });

  it('are at most so many and so large, else the folder, the limit and the remedy are named', async () => {
    const { lab } = workspace({ 'lab/a.txt': 'abc', 'lab/b.txt': 'abc' });
    await expect(ownFiles(lab, { files: 2, bytes: 1e6 })).rejects.toMatchObject({
      type: 'ConfigError',
      message: `the analyses in ${lab} have more than 2 files of their own (counted up to ${lab}/pads.csv)`,
      remedy: expect.stringContaining('a folder of their own'),
    });
    mkdirSync(join(lab, 'data'));
    writeFileSync(join(lab, 'data', 'beam.root'), '');
    truncateSync(join(lab, 'data', 'beam.root'), 3e9); // takes no room on the disk
    await expect(ownFiles(lab)).rejects.toMatchObject({
      type: 'ConfigError',
      message: expect.stringMatching(/have more than 2000 MB of .*beam\.root with 3000 MB\)$/),
    });
  });
});

it('runs an analysis again whose data file changed', async () => {
  const bench = await analysisBench();
  const folder = folderWith({ 'pads.mjs': javascript, 'pads.csv': 'first' });
  const task = { module: 'pads', folders: [folder] };
  await bench.run(task);
  expect((await bench.run(task)).reused).toBe(true);
  writeFileSync(join(folder, 'pads.csv'), 'second');
  expect((await bench.run(task)).reused).toBe(false);
  expect(bench.logged.at(-1)).toBe('pads: its code changed');
  expect(readFileSync(join(bench.outputDir, 'pads.txt'), 'utf8')).toBe('second');
});
