import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { tryAnalysis } from '../../../src/io/analysis/try-analysis.js';
import type { ConfigValue } from '../../../src/domain/config/value.js';
import { folderWith } from '../../support/plans/run-analysis.js';
import { needsPython, noPython, python } from '../../support/tools/python.js';

const collection = {
  '__init__.py': `
class good:
    def __init__(self, parameters): self.limit = parameters['limit']
    def output(self): return {'summary': 'a.txt'}
    def run(self, data, output_dir): raise RuntimeError('there is no data')
def lacking(parameters):
    import no_such_package
`,
  'careful.js': `
export class careful {
  constructor(parameters) { if (parameters.size > 0) throw new Error('it takes none'); }
  output() { return { summary: 'a.txt' }; }
  run() { throw new Error('there is no data'); }
}
`,
};
const folders = [folderWith(collection)];

function tryIt(
  moduleName: string,
  parameters: Readonly<Record<string, ConfigValue>> = {},
  interpreter = python ?? 'python3',
): Promise<void> {
  const procedure = { type: 'analysis', name: 'a', daq: ['d'], moduleName, compatibleModes: [] } as const;
  const given = { ...procedure, providesCalibration: false, parameters: new Map(Object.entries(parameters)) };
  return tryAnalysis(given, { folders, python: interpreter, signal: new AbortController().signal });
}

describe('an analysis that is tried without data', () => {
  it('passes where it can be made, and is not run', async () => {
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('datenraffinerie-try-'));
    await tryIt('careful');
    await tryIt('pedestal', { dead: 0.2 });
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('datenraffinerie-try-'))).toEqual(before);
  });

  it('is told where it is unknown, or refuses its parameters', async () => {
    await expect(tryIt('pedestrian')).rejects.toThrow(
      /there is no analysis 'pedestrian' in .*, the analyses that ship/,
    );
    await expect(tryIt('careful', { a: 1 })).rejects.toThrow(/'careful' .* failed: it takes none/);
    await expect(tryIt('pedestal', { ded: 0.2 })).rejects.toThrow(/there is no parameter 'ded'/);
    await expect(tryIt('pedestal', { ded: 0.2 })).rejects.toMatchObject({ remedy: "did you mean 'dead'?" });
    await expect(tryIt('spectra', { bins: 2 })).rejects.toThrow(/there is no parameter 'bins': it has none/);
    await expect(tryIt('timewalk', { dac: 3 })).rejects.toThrow(/parameter 'dac' must be a text, not 3/);
  });

  it.skipIf(noPython)(`in Python, lacks a parameter or a package${needsPython}`, async () => {
    await tryIt('good', { limit: 1 });
    await expect(tryIt('good')).rejects.toThrow(/'good' .* failed: KeyError: 'limit'/);
    await expect(tryIt('lacking')).rejects.toMatchObject({
      remedy: expect.stringMatching(/-m pip install no_such_package$/),
    });
  });

  it('whose interpreter is not there says so', async () => {
    await expect(tryIt('good', {}, '/nowhere/python')).rejects.toThrow(
      /there is no Python interpreter '\/nowhere\/python'/,
    );
  });
});
