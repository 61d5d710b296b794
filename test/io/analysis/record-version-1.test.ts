import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Float, type Key, type TypedMap, type TypedValue } from '../../../src/domain/config/value.js';
import { mapping } from '../../support/plans/daq-procedure.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { folderWith, whyAnalyse } from '../../support/plans/run-analysis.js';

const javascript = 'export default { output: () => ({}), run: async () => {} };';
const python = `class Means:
    def __init__(self, parameters): pass
    def output(self): return {}
    def run(self, data, output_dir): pass
`;

// keys as release 2.0.0 has written them for these files; nothing of ours has a part in them
const cases = {
  'a collection in JavaScript': {
    files: {
      'index.mjs': `export { default as means } from './means.mjs';`,
      'means.mjs': javascript,
      'sub/pads.json': '{"pads": 3}',
      'sub/pads.csv': 'channel,pad',
      'dist/old.py': 'nothing = 1',
    },
    // {limit: 2.0, none: .inf, 0: [1, a]}
    parameters: new Map<Key, TypedValue>([
      ['limit', new Float(2)],
      ['none', Infinity],
      [0, [1, 'a']],
    ]),
    key: {
      parameters: '6aa596e4be62216573f8ba0d56b2ac28e5dc3140164cd3887bd6579a0c86f9d6',
      code: '5a787094ead03e7771779cafc18f5c077d6927550f87bb9366e553e4aa5828ce',
    },
    code: 'sub/pads.json',
  },
  'a folder with an index': {
    files: { 'means/index.mjs': javascript, 'other.mjs': 'shared' },
    parameters: new Map(),
    key: {
      parameters: '32b16960fda5e98469d74767572b52a1b543239eb07bb3d8881a86b6c73fd8b0',
      code: '350e79a5d56ab39be14ba87ab002abd668fed4b2d227f814eb8d575b66a1ceac',
    },
    code: 'means/index.mjs',
  },
  'a collection in Python': {
    files: { '__init__.py': 'from .means import Means as means', 'means.py': python },
    parameters: new Map(),
    key: {
      parameters: '32b16960fda5e98469d74767572b52a1b543239eb07bb3d8881a86b6c73fd8b0',
      code: '5fdd4d0ffe083e5c0ea4dacf9612ac1470a44c1b3a86fcd219c081004048760c',
    },
    code: 'means.py',
  },
};

const table = 'of the table';

/** The folder of an analysis that 2.0.0 has done. */
function finishedBy200(code: string, key: { readonly parameters: string; readonly code: string }): string {
  const outputDir = join(temporaryFolder(), 'means');
  mkdirSync(outputDir);
  const software = 'datenraffinerie 2.0.0';
  const times = { start: '2026-03-01T10:00:00.000Z', end: '2026-03-01T10:00:01.000Z' };
  const given = { outputs: {}, undeclared: [], calibration: null, quality: null };
  const record = { module: 'means', language: 'javascript', code, hash: 'h', ...given, software, ...times };
  const text = JSON.stringify({ ...record, key: { inputs: [table], ...key } });
  writeFileSync(join(outputDir, 'analysis.json'), text);
  return outputDir;
}

function why(module: string, folders: string[], parameters: TypedMap, outputDir: string, sha256 = table) {
  return whyAnalyse({ module, folders, parameters, outputDir, inputs: [{ path: 'a.h5', sha256 }], mode: 'summary' });
}

describe.each(Object.entries(cases))('what 2.0.0 has done with %s', (_, { files, parameters, key, code }) => {
  it('still holds, also where a file was added that was no code to it', async () => {
    const folder = folderWith(files);
    const outputDir = finishedBy200(join(folder, 'means.mjs'), key);
    expect(await why('means', [folder], parameters, outputDir)).toBeUndefined();
    writeFileSync(join(folder, 'more.csv'), '');
    expect(await why('means', [folder], parameters, outputDir)).toBeUndefined();
  });

  it('runs again where data, parameters or code changed', async () => {
    const folder = folderWith(files);
    const outputDir = finishedBy200(join(folder, 'means.mjs'), key);
    expect(await why('means', [folder], parameters, outputDir, 'another')).toBe('its data changed');
    expect(await why('means', [folder], new Map([['limit', 3]]), outputDir)).toBe('its parameters changed');
    writeFileSync(join(folder, code), '{}');
    expect(await why('means', [folder], parameters, outputDir)).toBe('its code changed');
  });
});

describe('what 2.0.0 has done with an analysis that ships', () => {
  const key = {
    parameters: '1a82b9c8b3201ad7d4874f8f0aa6ac4db3e92152315d8cfe1fdbdaadb94d4c71',
    code: '4882fb5395142f89da9ed9b741df85e630e9b6d3c60a428dfe83960145483363',
  };
  const parameters = mapping('{dead: 0.2}');

  it('still holds while its version does, whatever its files are now', async () => {
    const spectra = { ...key, parameters: '32af57279479cc3584222b60ca92e780aa6ec06b4b2c63d19defdf295e1f6b15' };
    const outputDir = finishedBy200('datenraffinerie 2.0.0', spectra);
    expect(await why('spectra', [], new Map(), outputDir)).toBeUndefined();
    expect(await why('spectra', [], new Map(), outputDir, 'another')).toBe('its data changed');
    expect(await why('spectra', [], mapping('{dead: 0.25}'), outputDir)).toBe('its parameters changed');
  });

  it('is made again where the analysis is of a newer version', async () => {
    const outputDir = finishedBy200('datenraffinerie 2.0.0', key);
    expect(await why('pedestal', [], parameters, outputDir)).toBe('the analysis is newer');
    expect(await why('pedestal', [], parameters, outputDir, 'another')).toBe('its data changed');
  });

  it('does not hold for a user’s analysis of the same name, nor the other way round', async () => {
    const folder = folderWith({ 'pedestal.mjs': javascript });
    const shipped = finishedBy200('datenraffinerie 2.0.0', key);
    expect(await why('pedestal', [folder], parameters, shipped)).toBe('its code changed');
    const own = finishedBy200(join(folder, 'pedestal.mjs'), key);
    expect(await why('pedestal', [], parameters, own)).toBe('its code changed');
  });
});
