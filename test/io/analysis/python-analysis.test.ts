import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAnalysis } from '../../../src/io/analysis/find-module.js';
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
        reply = os.path.join(output_dir, '..', '..', 'reply.json')
        killer = 'echo; until [ -e "$1" ]; do :; done; kill -9 $2'
        shell = subprocess.Popen(['/bin/sh', '-c', killer, 'killer', reply, str(os.getpid())], stdout=subprocess.PIPE)
        shell.stdout.readline()
        return {'verdict': 'accept', 'reason': 'x' * 20000000}
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

  it('takes what is no class, outputs without a name, arrays and bytes in what run returns', async () => {
    const odd = {
      '__init__.py': `
from functools import partial
import numpy
class Threshold:
    def __init__(self, parameters, which): self.which = which
    def output(self): return {'summary': 'n.txt', 'plots': ['', 'n.txt'], 'calibration': ''}
    def run(self, data, output_dir):
        open(output_dir + '/n.txt', 'w').write(self.which)
        return {'verdict': 'accept', 'reason': b'good', 'bad': numpy.arange(4), 'nan': float('nan')}
toa = partial(Threshold, which='toa')
def tot(parameters): return Threshold(parameters, 'tot')
`,
    };
    for (const module of ['toa', 'tot']) {
      const bench = await analysisBench();
      const { outputs, quality } = await bench.run({ module, folders: [folderWith(odd)] });
      expect(outputs).toEqual({ summary: 'n.txt', plots: ['n.txt'], calibration: null });
      expect(quality).toEqual({ verdict: 'accept', reason: 'good' });
      expect(readFileSync(join(bench.outputDir, 'n.txt'), 'utf8')).toBe(module);
    }
  });

  it.each(['statistics', 'json', 'tables'])('a collection named %s hides no module of that name', async (name) => {
    const text = `
class mean_noise:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'n.txt'}
    def run(self, data, output_dir):
        import statistics, json, tables
        text = json.dumps([statistics.mean([1, 2]), hasattr(tables, 'open_file')])
        open(output_dir + '/n.txt', 'w').write(text)
`;
    const folder = join(folderWith({ [`${name}/__init__.py`]: text }), name);
    const bench = await analysisBench();
    await bench.run({ module: 'mean_noise', folders: [folder] });
    expect(readFileSync(join(bench.outputDir, 'n.txt'), 'utf8')).toBe('[1.5, true]');
  });

  it('says that it called sys.exit', async () => {
    const text = `
import sys
class leaver:
    def __init__(self, parameters): pass
    def output(self): return {}
    def run(self, data, output_dir): sys.exit(0)
`;
    const bench = await analysisBench();
    const leaving = bench.run({ module: 'leaver', folders: [folderWith({ '__init__.py': text })] });
    await expect(leaving).rejects.toMatchObject({
      type: 'AnalysisError',
      message: expect.stringContaining('failed: it called sys.exit(0)'),
      remedy: 'let `run` return instead',
    });
  });

  it('sees a folder named like the procedure, with its neighbours beside it', async () => {
    const text = `
import os
class reader:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'n.txt'}
    def run(self, data, output_dir):
        before = open(os.path.join(output_dir, '..', 'csvmap', 'pads.txt')).read()
        open(os.path.join(output_dir, 'n.txt'), 'w').write(os.path.basename(output_dir) + before)
`;
    const bench = await analysisBench();
    const output = join(bench.outputDir, '..');
    mkdirSync(join(output, 'csvmap'), { recursive: true });
    writeFileSync(join(output, 'csvmap', 'pads.txt'), ' of 216');
    await bench.run({ module: 'reader', folders: [folderWith({ '__init__.py': text })] });
    expect(readFileSync(join(bench.outputDir, 'n.txt'), 'utf8')).toBe('the_analysis of 216');
    const left = readdirSync(output).filter((name) => !name.endsWith('.writer'));
    expect(left.sort()).toEqual(['csvmap', 'the_analysis']);
  });

  it('has every event whole in one chunk', async () => {
    const [events, channels] = [40_000, 78];
    const event = Array.from({ length: events * channels }, (_, row) => Math.floor(row / channels));
    const bench = await analysisBench({ event, channel: event.map((_, row) => row % channels) });
    const text = `
class whole:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'n.txt'}
    def run(self, data, output_dir):
        sizes, seen = [], set()
        for frame in data:
            assert len(frame) % ${channels} == 0, len(frame)
            own = set(frame['event'])
            assert not (own & seen)
            seen |= own
            sizes.append(len(frame))
        open(output_dir + '/n.txt', 'w').write('%d %d %d' % (len(sizes), sum(sizes), len(seen)))
`;
    await bench.run({ module: 'whole', folders: [folderWith({ '__init__.py': text })], mode: 'full' });
    expect(readFileSync(join(bench.outputDir, 'n.txt'), 'utf8')).toBe(`3 ${events * channels} ${events}`);
  });

  it('comes before one that ships where a collection imports all of its modules, not where a comment names it', async () => {
    const mine = `
class pedestal:
    def __init__(self, parameters): pass
    def output(self): return {'summary': 'mine.txt'}
    def run(self, data, output_dir): open(output_dir + '/mine.txt', 'w').write('mine')
`;
    const bench = await analysisBench();
    const folder = folderWith({ '__init__.py': 'from .mine import *\n', 'mine.py': mine });
    expect((await bench.run({ module: 'pedestal', folders: [folder] })).outputs).toEqual({ summary: 'mine.txt' });
    const talk = folderWith({ '__init__.py': '# better than pedestal\n"""pedestal is shipped"""\nx = 1\n' });
    expect(await findAnalysis('pedestal', [talk])).toMatchObject({ shipped: true });
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
