import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as shipped from '../../../src/analyses/index.js';
import { declaredFiles } from '../../../src/domain/analysis/outputs.js';
import { findAnalysis } from '../../../src/io/analysis/find-module.js';
import { loadModule } from '../../../src/io/analysis/load-module.js';
import { mapping } from '../../support/plans/daq-procedure.js';
import { listProcesses, waitUntil } from '../../support/tools/processes.js';
import { analysisBench, folderWith, whyAnalyse } from '../../support/plans/run-analysis.js';

const mean = `
  export default class {
    constructor(parameters) { this.file = parameters.get('file') ?? 'mean.csv'; }
    output() { return { summary: this.file }; }
    async run([table], context) {
      const { data } = await table.columns(['adc_mean']);
      const values = data.get('adc_mean');
      context.log.info(table.rows + ' rows of ' + table.metadata.procedure);
      await context.csv(this.file, [{ name: 'mean', values: [values.reduce((a, b) => a + b) / values.length] }]);
    }
  }`;
const analysis = (run: string, outputs = '{}'): string =>
  `export const output = () => (${outputs}); export const run = async (tables, context) => { ${run} };`;

/** Without the lock, which stays. */
function visible(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.writer'));
}

describe('runAnalysis', () => {
  it('runs a class with its data and keeps what it says in the logs', async () => {
    const bench = await analysisBench();
    const result = await bench.run({ module: 'mean', folders: [folderWith({ 'mean.mjs': mean })] });
    expect(result).toEqual({ outputs: { summary: 'mean.csv' }, undeclared: [], reused: false });
    expect(readFileSync(join(bench.outputDir, 'mean.csv'), 'utf8')).toBe('mean\n224.75\n');
    expect(readFileSync(join(bench.outputDir, 'stdout.log'), 'utf8')).toBe('100 rows of a_scan\n');
    expect(visible(dirname(bench.outputDir))).toEqual(['the_analysis']);
  });

  it('runs TypeScript with helpers of ours, and takes objects and named exports', async () => {
    const source = `
      import { readNumbers, maximum, type AnalysisContext, type TableReader } from 'datenraffinerie/analysis';
      import { fileName } from './names.js';
      export const largest = {
        output: () => ({ summary: fileName }),
        async run([table]: readonly TableReader[], context: AnalysisContext): Promise<void> {
          const columns = await readNumbers(table!, ['adc_mean']);
          await context.text(fileName, String(maximum(columns.get('adc_mean'))));
        },
      };`;
    const folder = folderWith({ 'index.ts': source, 'names.ts': `export const fileName: string = 'largest.txt';` });
    const bench = await analysisBench();
    await bench.run({ module: 'largest', folders: [folder] });
    expect(readFileSync(join(bench.outputDir, 'largest.txt'), 'utf8')).toBe('249.5');
  });

  it('gives parameters that JSON does not know, and runs again where one becomes another', async () => {
    const bench = await analysisBench();
    const run = `await context.text('p.txt', [...context.parameters].map(([k, v]) => typeof k + Object.is(v, -0) + v).join())`;
    const task = { module: 'show', folders: [folderWith({ 'show.mjs': analysis(run, `{ summary: 'p.txt' }`) })] };
    await bench.run({ ...task, parameters: mapping('{limit: .inf, 0: -0.0, .inf: 1.0e+20}') });
    expect(readFileSync(join(bench.outputDir, 'p.txt'), 'utf8')).toBe(
      'stringfalseInfinity,numbertrue0,numberfalse100000000000000000000',
    );
    const changed = await bench.run({ ...task, parameters: mapping('{limit: .nan, 0: -0.0, .inf: 1.0e+20}') });
    expect(changed.reused).toBe(false);
  });

  it('hands out a table chunk by chunk, plots, and a calibration with integer keys', async () => {
    const run = `
      const sizes = [];
      for await (const chunk of tables[0].chunks(['channel'], 30)) sizes.push(chunk.rows);
      await context.text('sizes.txt', sizes.join());
      const data = { values: [{ x: 1, y: 2 }, { x: 2, y: 3 }] };
      await context.plot('line', { data, mark: 'line', encoding: { x: { field: 'x', type: 'quantitative' } } });
      await context.calibration('cal.yaml', new Map([['target', new Map([['roc_s0', new Map([[0, 5]])]])]]));
      return { verdict: 'ask', reason: 'look at it', timeout: 60, default: 'reject' };`;
    const outputs = `{ other: ['sizes.txt'], plots: ['line.svg', 'line.png'], calibration: 'cal.yaml' }`;
    const bench = await analysisBench();
    const result = await bench.run({ module: 'full', folders: [folderWith({ 'full.mjs': analysis(run, outputs) })] });
    const file = (name: string): string => join(bench.outputDir, name);
    expect(readFileSync(file('sizes.txt'), 'utf8')).toBe('30,30,30,10');
    expect(readFileSync(file('line.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(file('cal.yaml'), 'utf8')).toBe('target:\n  roc_s0:\n    0: 5\n');
    expect(result.calibration).toEqual({ path: file('cal.yaml'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(result.quality).toEqual({ verdict: 'ask', reason: 'look at it', timeout: 60, default: 'reject' });
  });

  it('names declared outputs that are missing, and reports undeclared ones', async () => {
    const bench = await analysisBench();
    const run = `await context.text('a.txt', ''); await context.text('sub/extra.txt', '');`;
    const folder = folderWith({
      'lacking.mjs': analysis(run, `{ plots: ['a.txt', 'b.png'], more: 'c.csv' }`),
      'fine.mjs': analysis(run, `{ summary: 'a.txt' }`),
    });
    await expect(bench.run({ module: 'lacking', folders: [folder] })).rejects.toMatchObject({
      type: 'AnalysisError',
      message: expect.stringMatching(/'lacking' .* did not write b\.png, c\.csv$/),
    });
    expect(existsSync(join(bench.outputDir, 'incomplete', 'a.txt'))).toBe(true);
    const result = await bench.run({ module: 'fine', folders: [folder] });
    expect(result.undeclared).toEqual(['sub/extra.txt']);
    expect(bench.logged.at(-1)).toBe('fine: wrote sub/extra.txt without declaring it');
  });

  it.each([
    [`throw new Error('no beam today')`, /failed: no beam today\n/],
    [`process.stderr.write('nearly there\\n'); process.exit(3)`, /ended with exit code 3\n {4}nearly there$/],
    [`process.kill(process.pid, 'SIGKILL')`, /was killed by SIGKILL$/],
    [
      `setTimeout(() => { throw new Error('late') }); await new Promise(() => 0)`,
      /ended with exit code 1\n[^]*Error: late/,
    ],
    [`return { verdict: 'accept', runs: 1n }`, /failed: Do not know how to serialize a BigInt\n/],
    [`process.exit(0)`, /left no reply that can be read$/],
  ])('tells how it failed, with the last lines of stderr: %s', async (code, message) => {
    const bench = await analysisBench();
    const run = bench.run({ module: 'bad', folders: [folderWith({ 'bad.mjs': analysis(code) })] });
    await expect(run).rejects.toMatchObject({ type: 'AnalysisError', message: expect.stringMatching(message) });
    expect(existsSync(join(bench.outputDir, 'stderr.log'))).toBe(true);
  });

  it('fails for good where its reply is cut short', async () => {
    const bench = await analysisBench();
    const run = `const { writeFileSync } = await import('node:fs');
      writeFileSync(new URL('../reply.json', 'file://' + context.outputDir), '{"outputs": {'); process.exit(0)`;
    const running = bench.run({ module: 'bad', folders: [folderWith({ 'bad.mjs': analysis(run) })] });
    await expect(running).rejects.toMatchObject({
      type: 'AnalysisError',
      message: expect.stringMatching(/left no reply that can be read$/),
      remedy: 'let run() return, and do not end the process from within',
    });
  });

  it('says what keeps its reply from being read', async () => {
    const bench = await analysisBench();
    const run = `const { mkdirSync } = await import('node:fs');
      mkdirSync(new URL('../reply.json', 'file://' + context.outputDir)); process.exit(0)`;
    const running = bench.run({ module: 'bad', folders: [folderWith({ 'bad.mjs': analysis(run) })] });
    await expect(running).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('has no half of a reply where it is killed while it is written', async () => {
    const bench = await analysisBench();
    const run = `const { spawn } = await import('node:child_process');
      const path = new URL('../reply.json', 'file://' + context.outputDir).pathname;
      const killer = 'echo; until [ -e "$1" ]; do :; done; kill -9 $2';
      const shell = spawn('/bin/sh', ['-c', killer, 'killer', path, process.pid], { stdio: ['ignore', 'pipe', 'ignore'] });
      await new Promise((resolve) => shell.stdout.once('data', resolve));
      return { verdict: 'accept', more: 'x'.repeat(2e7) };`;
    const running = bench.run({ module: 'killed', folders: [folderWith({ 'killed.mjs': analysis(run) })] });
    await expect(running.then(() => 'done', String)).resolves.toMatch(/^done$|AnalysisError: .* was killed by SIGKILL/);
  });

  it('keeps the last good results apart when a new version fails', async () => {
    const bench = await analysisBench();
    const folder = folderWith({ 'mean.mjs': mean });
    await bench.run({ module: 'mean', folders: [folder] });
    writeFileSync(join(folder, 'mean.mjs'), analysis(`throw new Error('broken now')`));
    for (let i = 0; i < 2; i++)
      await expect(bench.run({ module: 'mean', folders: [folder] })).rejects.toThrow('broken now');
    expect(existsSync(join(bench.outputDir, 'mean.csv'))).toBe(false);
    expect(readFileSync(join(bench.outputDir, 'previous', 'mean.csv'), 'utf8')).toBe('mean\n224.75\n');
  });

  it('runs again only when data, parameters, code or an output changed, and says why', async () => {
    const bench = await analysisBench();
    const folder = folderWith({ 'mean.mjs': mean });
    const task = { module: 'mean', folders: [folder] };
    await bench.run(task);
    expect((await bench.run(task)).reused).toBe(true);
    const why = async (change: object): Promise<string | undefined> =>
      whyAnalyse({
        ...task,
        mode: 'summary',
        parameters: new Map(),
        outputDir: bench.outputDir,
        inputs: data,
        ...change,
      });
    const data = [{ path: 'anywhere.h5', sha256: 'of the table' }];
    expect(await why({})).toBeUndefined();
    expect(await why({ inputs: [{ path: 'anywhere.h5', sha256: 'of another table' }] })).toBe('its data changed');
    expect(await why({ parameters: new Map([[0, 'x']]) })).toBe('its parameters changed');
    expect(await why({ outputDir: join(bench.outputDir, 'elsewhere') })).toBe('it has not been run here');
    writeFileSync(join(folder, 'helper.mjs'), '// more code');
    expect(await why({})).toBe('its code changed');
    await bench.run({ ...task, parameters: new Map([['file', 'm.csv']]) });
    const again = { parameters: new Map([['file', 'm.csv']]) };
    expect(await why(again)).toBeUndefined();
    const { rmSync } = await import('node:fs');
    rmSync(join(bench.outputDir, 'm.csv'));
    expect(await why(again)).toBe('its output m.csv is missing');
  });

  it.each([
    [`{ summary: '../outside.csv' }`, 'stay inside it'],
    [`{ summary: '/etc/x' }`, 'stay inside it'],
    [`{ summary: 'stderr.log' }`, 'this name is ours'],
    [`{ plots: [1] }`, 'a file name or a list of them'],
    [`['a.csv']`, 'must return a mapping'],
  ])('refuses the outputs %s', async (outputs, message) => {
    const bench = await analysisBench();
    const run = bench.run({ module: 'wrong', folders: [folderWith({ 'wrong.mjs': analysis('', outputs) })] });
    await expect(run).rejects.toThrow(message);
  });

  it.each(Object.keys(shipped))('finds the shipped analysis %s', async (name) => {
    const found = await findAnalysis(name, []);
    expect(found).toMatchObject({ name, language: 'javascript', shipped: true });
    const analysis = await loadModule(found.path, name, new Map());
    expect(declaredFiles(analysis.output()).length).toBeGreaterThan(3);
  });

  it('takes what an index names before a file of that name, and users’ analyses before those that ship', async () => {
    const bench = await analysisBench();
    const folder = folderWith({
      'index.mjs': `export { default as pedestal } from './pedestal.mjs';`,
      'pedestal.mjs': mean,
      'helper.mjs': '',
    });
    await bench.run({ module: 'pedestal', folders: [folder] });
    expect(readFileSync(join(bench.outputDir, 'mean.csv'), 'utf8')).toBe('mean\n224.75\n');
  });

  it('loads nothing from outside the configured folders', async () => {
    const bench = await analysisBench();
    const folder = folderWith({ 'in/a.mjs': mean, 'b.mjs': mean });
    await expect(bench.run({ module: '../b', folders: [join(folder, 'in')] })).rejects.toMatchObject({
      type: 'ConfigError',
    });
    await expect(bench.run({ module: 'b', folders: [join(folder, 'in')] })).rejects.toMatchObject({
      type: 'ConfigError',
      message: `there is no analysis 'b' in ${join(folder, 'in')}, the analyses that ship`,
      remedy: expect.stringContaining('--analyses'),
    });
    await expect(bench.run({ module: 'b', folders: [join(folder, 'none')] })).rejects.toThrow(`there is no folder`);
    symlinkSync('loop', join(folder, 'loop')); // leads to itself
    await expect(bench.run({ module: 'b', folders: [join(folder, 'loop')] })).rejects.toThrow(/cannot be read: ELOOP/);
  });
});

// an analysis that computes without end, deaf to signals, with a child of its own that does the same
const endless = (mark: string): string =>
  analysis(`
    const { spawn } = await import('node:child_process');
    process.on('SIGTERM', () => 0);
    spawn('/bin/sh', ['-c', 'trap "" TERM; while :; do sleep 1; done', '${mark}'], { stdio: 'ignore' });
    await context.text('half.txt', 'done');
    for (;;) await new Promise((resolve) => setTimeout(resolve, 1000));`);
const alive = (mark: string): boolean => listProcesses().some(({ args }) => args.includes(mark));

describe('the process group of an analysis', () => {
  it('is killed when it is cancelled, and nothing is left of its files', async () => {
    const bench = await analysisBench();
    const stop = new AbortController();
    const mark = `endless-${process.pid}-cancel`;
    const folder = folderWith({ 'endless.mjs': endless(mark) });
    const run = bench.run({ module: 'endless', folders: [folder], signal: stop.signal });
    run.catch(() => undefined);
    await waitUntil('the analysis runs', () => alive(mark) || undefined);
    stop.abort(new Error('aborted by the operator'));
    await expect(run).rejects.toThrow('aborted by the operator');
    await waitUntil('the group is gone', () => !alive(mark) || undefined);
    expect(visible(dirname(bench.outputDir))).toEqual([]);
  });

  it('is killed when its time is up', async () => {
    const bench = await analysisBench();
    const mark = `endless-${process.pid}-limit`;
    const folder = folderWith({ 'endless.mjs': endless(mark) });
    const run = bench.run({ module: 'endless', folders: [folder], timeLimit: 1 });
    await expect(run).rejects.toThrow('was stopped after its time limit of 1 s');
    await waitUntil('the group is gone', () => !alive(mark) || undefined);
  });

  it('removes what a killed worker left behind', async () => {
    const bench = await analysisBench();
    mkdirSync(join(dirname(bench.outputDir), '.the_analysis.attempt-x1'), { recursive: true });
    await bench.run({ module: 'mean', folders: [folderWith({ 'mean.mjs': mean })] });
    expect(visible(dirname(bench.outputDir))).toEqual(['the_analysis']);
  });
});
