import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../../src/domain/analysis/job.js';
import { freezeProcedure, thawProcedure } from '../../../src/domain/config/reading/freeze.js';
import type { AnalysisProcedure, Procedure } from '../../../src/domain/config/procedure.js';
import { readConfiguration } from '../../../src/io/configuration/config-reader.js';
import { needsPython, noPython } from '../../support/tools/python.js';
import { analysisBench, folderWith } from '../../support/plans/run-analysis.js';

/** An analysis as a configuration has it whose `parameters` are this text. */
async function analysisWith(parameters: string): Promise<AnalysisProcedure> {
  const scan = `{name: scan, type: daq, system_settings: {default: default.yaml}}`;
  const analysis = `{name: show, type: analysis, daq: scan, parameters: ${parameters}}`;
  const main = `procedures:\n  - ${scan}\n  - ${analysis}\n`;
  const folder = folderWith({ 'main.yaml': main, 'default.yaml': 'target: {roc_s0: {Top: {0: {phase_strobe: 0}}}}\n' });
  return asAnalysis((await readConfiguration(join(folder, 'main.yaml'))).procedures.get('show'));
}

function asAnalysis(procedure: Procedure | undefined): AnalysisProcedure {
  if (procedure?.type !== 'analysis') throw new Error('no analysis');
  return procedure;
}

const encoded = ({ parameters }: AnalysisProcedure): string => JSON.stringify(encodeValue(parameters));

const python = `
class Show:
    def __init__(self, parameters): self.parameters = parameters
    def output(self): return {'summary': 'types.txt'}
    def run(self, data, output_dir):
        open(output_dir + '/types.txt', 'w').write(repr(self.parameters))
show = Show
`;

describe.skipIf(noPython)(`a Python analysis${needsPython}`, () => {
  it('is given floats where floats were written, as PyYAML reads them', async () => {
    const text = `{a: 2.0, b: [1., 2, !!float 3], c: {d: -0.0, 4: 1.5e+3}, e: 1_000.0, f: "2.0", g: 2:30.0, h: 0x10}`;
    const procedure = asAnalysis(thawProcedure(freezeProcedure(await analysisWith(text))));
    const bench = await analysisBench();
    const folder = folderWith({ '__init__.py': 'from .show import *\n', 'show.py': python });
    await bench.run({ module: 'show', folders: [folder], parameters: procedure.parameters });
    expect(readFileSync(join(bench.outputDir, 'types.txt'), 'utf8')).toBe(
      "{'a': 2.0, 'b': [1.0, 2, 3.0], 'c': {'d': -0.0, 4: 1500.0}, 'e': 1000.0, 'f': '2.0', 'g': 150.0, 'h': 16}",
    );
  });
});

describe('parameters', () => {
  it.each([
    '{a: 2.0, b: 2, c: [1.0, {d: 3.}], e: .inf, f: .nan, g: 1.0e+20, h: -0.0, 0: 9007199254740993.0, i: -5.0e+2}',
    '{}',
  ])('come out of a frozen procedure as they went in: %s', async (text) => {
    const procedure = await analysisWith(text);
    expect(encoded(asAnalysis(thawProcedure(freezeProcedure(procedure))))).toBe(encoded(procedure));
  });

  it('are floats also by aliases and merge keys', async () => {
    const anchored = await analysisWith('{x: &x {a: 2.0, b: 2}, y: {<<: *x, b: 3.0}, z: *x, n: &n 4.0, m: *n}');
    const [x, y] = ['{"map":[["a",{"float":"2"}],["b",2]]}', '{"map":[["a",{"float":"2"}],["b",{"float":"3"}]]}'];
    expect(encoded(anchored)).toBe(
      `{"map":[["x",${x}],["y",${y}],["z",${x}],["n",{"float":"4"}],["m",{"float":"4"}]]}`,
    );
  });

  it('are numbers to JavaScript, and run an analysis again where 2 becomes 2.0', async () => {
    const bench = await analysisBench();
    const show = `export const output = () => ({ summary: 'p.txt' });
      export const run = (tables, context) => context.text('p.txt', String(context.parameters.get('limit') + 1));`;
    const folder = folderWith({ 'show.mjs': show });
    const runWith = async (text: string) => {
      const { parameters } = await analysisWith(text);
      return (await bench.run({ module: 'show', folders: [folder], parameters })).reused;
    };
    expect(await runWith('{limit: 2}')).toBe(false);
    expect(await runWith('{limit: 2.0}')).toBe(false);
    expect(await runWith('{limit: 2.00}')).toBe(true);
    expect(readFileSync(join(bench.outputDir, 'p.txt'), 'utf8')).toBe('3');
  });
});
