import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { mapping } from '../../support/plans/daq-procedure.js';
import { needsPython, noPython } from '../../support/tools/python.js';
import { analysisBench, folderWith } from '../../support/plans/run-analysis.js';

const collection = {
  '__init__.py': `
from .means import Means as means
from .chunks import Chunks as chunks
from .calibrate import Calibrate as calibrate, Broken as broken
from .replies import Uncertain as uncertain, Killed as killed
`,
  'means.py': `
import os
from . import names
class Means:
    def __init__(self, parameters):
        self.parameters = parameters
    def output(self):
        return {'summary': names.SUMMARY, 'plots': [], 'calibration': None}
    def run(self, data, output_dir):
        print(type(data).__name__, len(data), list(data.columns))
        assert isinstance(output_dir, str)
        with open(os.path.join(output_dir, names.SUMMARY), 'w') as file:
            file.write('%s %s' % (data['adc_mean'].mean(), self.parameters))
`,
  'names.py': `SUMMARY = 'means.txt'\n`,
  'chunks.py': `
class Chunks:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'chunks.txt'}
    def run(self, data, output_dir):
        both = data if isinstance(data, list) else [data]
        text = ''
        for chunks in both:
            assert iter(chunks) is chunks
            for frame in chunks:
                text += '%s %s-%s;' % (type(frame).__name__, frame.index[0], frame.index[-1])
        open(output_dir + '/chunks.txt', 'w').write(text)
`,
  'calibrate.py': `
class Calibrate:
    verdict = {'verdict': 'reject', 'reason': 'too noisy'}
    def __init__(self, parameters): pass
    def output(self): return {'calibration': 'calibration.yaml', 'plots': []}
    def run(self, data, output_dir):
        open(output_dir + '/calibration.yaml', 'w').write('target: {roc_s0: {ch: {0: {trim_inv: 7}}}}')
class Broken:
    def __init__(self, parameters): pass
    def output(self): return {}
    def run(self, data, output_dir):
        import no_such_package.part
`,
  'replies.py': `
import os, subprocess
import numpy
class Uncertain:
    def __init__(self, parameters): pass
    def output(self): return {}
    def run(self, data, output_dir):
        return {'verdict': 'accept', 'reason': 'one point', 'error': float('nan'), 'all': [numpy.float32('inf'), numpy.int8(3)]}
class Killed:
    def __init__(self, parameters): pass
    def output(self): return {}
    def run(self, data, output_dir):
        reply = os.path.join(os.path.dirname(output_dir), 'reply.json')
        killer = 'echo; until [ -e "$1" ]; do :; done; kill -9 $2'
        shell = subprocess.Popen(['/bin/sh', '-c', killer, 'killer', reply, str(os.getpid())], stdout=subprocess.PIPE)
        shell.stdout.readline()
        return {'verdict': 'accept', 'more': ['x' * 100] * 200000}
`,
};

describe.skipIf(noPython)(`Python analyses${needsPython}`, () => {
  it('gives a DataFrame and parameters whose keys keep their type', async () => {
    const bench = await analysisBench();
    const parameters = new Map([['limits', new Map([[0, [1, 'a', true]]])]]);
    const result = await bench.run({ module: 'means', folders: [folderWith(collection)], parameters });
    expect(result.outputs).toEqual({ summary: 'means.txt', plots: [], calibration: null });
    expect(readFileSync(join(bench.outputDir, 'means.txt'), 'utf8')).toBe("224.75 {'limits': {0: [1, 'a', True]}}");
    const log = readFileSync(join(bench.outputDir, 'stdout.log'), 'utf8');
    expect(log).toBe("DataFrame 100 ['chip', 'channel', 'adc_mean']\n");
  });

  it('gives floats as floats that JSON does not know or would make integers of', async () => {
    const bench = await analysisBench();
    const parameters = mapping('{inf: .inf, less: -.inf, nan: .nan, big: 1.0e+20, zero: -0.0, half: 0.5, count: 3}');
    await bench.run({ module: 'means', folders: [folderWith(collection)], parameters });
    const given = "{'inf': inf, 'less': -inf, 'nan': nan, 'big': 1e+20, 'zero': -0.0, 'half': 0.5, 'count': 3}";
    expect(readFileSync(join(bench.outputDir, 'means.txt'), 'utf8')).toBe(`224.75 ${given}`);
  });

  it('gives an iterator of DataFrames in full mode', async () => {
    const bench = await analysisBench();
    await bench.run({ module: 'chunks', folders: [folderWith(collection)], mode: 'full' });
    expect(readFileSync(join(bench.outputDir, 'chunks.txt'), 'utf8')).toBe('DataFrame 0-99;');
  });

  it('gives a list where there are several tables', async () => {
    const bench = await analysisBench();
    const first = await analysisBench();
    const table = { path: join(first.outputDir, '..', '..', 'a_scan.h5'), sha256: 'x' };
    await bench.run({ module: 'chunks', folders: [folderWith(collection)], mode: 'full', inputs: [table, table] });
    expect(readFileSync(join(bench.outputDir, 'chunks.txt'), 'utf8')).toBe('DataFrame 0-99;DataFrame 0-99;');
  });

  it('takes a calibration and a verdict', async () => {
    const bench = await analysisBench();
    const result = await bench.run({ module: 'calibrate', folders: [folderWith(collection)] });
    expect(result.calibration?.path).toBe(join(bench.outputDir, 'calibration.yaml'));
    expect(result.quality).toEqual({ verdict: 'reject', reason: 'too noisy' });
  });

  it('takes a verdict with numbers that JSON does not know', async () => {
    const bench = await analysisBench();
    const { quality } = await bench.run({ module: 'uncertain', folders: [folderWith(collection)] });
    expect(quality).toEqual({ verdict: 'accept', reason: 'one point' });
  });

  it('has no half of a reply where it is killed while it is written', async () => {
    const bench = await analysisBench();
    const running = bench.run({ module: 'killed', folders: [folderWith(collection)] });
    await expect(running.then(() => 'done', String)).resolves.toMatch(/^done$|AnalysisError: .* was killed by SIGKILL/);
  });

  it('gives the command that installs a missing package', async () => {
    const bench = await analysisBench();
    await expect(bench.run({ module: 'broken', folders: [folderWith(collection)] })).rejects.toMatchObject({
      type: 'AnalysisError',
      message: expect.stringContaining("ModuleNotFoundError: No module named 'no_such_package'"),
      remedy: expect.stringMatching(/^\/.*python.* -m pip install no_such_package$/),
    });
  });

  it('finds what `import *` brings, and lists the names where there is none', async () => {
    const star = {
      ...collection,
      '__init__.py': 'from .stars import *\n',
      'stars.py': 'from .means import Means as sun\n',
    };
    const bench = await analysisBench();
    const folder = folderWith(star);
    await bench.run({ module: 'sun', folders: [folder] });
    await expect(bench.run({ module: 'moon', folders: [folder] })).rejects.toThrow(
      "has no analysis 'moon'; it has sun",
    );
  });
});

describe('without a usable Python', () => {
  it('says which interpreter is missing and how to name another', async () => {
    const bench = await analysisBench();
    const run = bench.run({ module: 'means', folders: [folderWith(collection)], python: '/no/such/python3' });
    await expect(run).rejects.toMatchObject({
      message: "there is no Python interpreter '/no/such/python3'",
      remedy: expect.stringContaining('DATENRAFFINERIE_PYTHON'),
    });
  });
});
