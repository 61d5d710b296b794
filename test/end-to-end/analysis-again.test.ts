import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { ScanProgress } from '../../src/workflows/messages.js';
import { versions } from '../../src/analyses/versions.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { root, temporaryFolder } from '../support/disk/folders.js';
import { folderWith } from '../support/plans/run-analysis.js';
import { manifestLines } from '../support/disk/scan-folder.js';
import { startUp, type Up } from '../support/temporal/up.js';

/* A calibration that ships, runs that were measured with it, and a user's analysis of these. */
const examples = join(root, 'config-examples');
const main = `
libraries: [${examples}/procedures/pedestal.yaml]
procedures:
  - name: trimmed_run
    type: daq
    calibration: pedestal_calibration
    system_settings:
      default: ${examples}/board/three-chips.yaml
      init: ${examples}/board/data-taking.yaml
      override: {daq: {menus: {calibAndL1A: {NEvents: 100}}}}
    repeat: 2
  - {name: trimmed_noise, type: analysis, daq: trimmed_run}
`;
const analysis = `
export const output = () => ({ summary: 'done.txt' });
export const run = (tables, context) => context.text('done.txt', String(process.hrtime.bigint()));
`;
const folder = folderWith({ 'main.yaml': main, 'analyses/trimmed_noise.mjs': analysis });
const network = join(folder, 'network.yaml');
const output = join(temporaryFolder(), 'out');
const record = join(output, 'pedestal_calibration', 'analysis.json');
const today = versions['pedestal_calibration'];
let up: Up;

beforeAll(async () => {
  const simulator = startCli(['simulate', '--ports', '0', '--run-seconds', '0.002', '--write-network', network]);
  const analyses = ['--analyses', join(folder, 'analyses')];
  [up] = await Promise.all([startUp({ args: analyses }), simulator.waitForLine(/^ready /)]);
  expect((await run('first')).code).toBe(0);
});

const command = (...words: string[]) =>
  runCli(words, { env: { ...up.environment, DATENRAFFINERIE_ANALYSES: join(folder, 'analyses') } });

function run(id: string, ...more: string[]) {
  const where = ['--network', network, '--stand', 'local', '--output', output, '--id', id];
  return command('run', join(folder, 'main.yaml'), 'trimmed_noise', ...where, ...more);
}

async function plan(...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await command('plan', join(folder, 'main.yaml'), 'trimmed_noise', ...more);
  expect(code, stderr).toBe(0);
  return stdout;
}

async function reasonsOf(id: string, procedure: string): Promise<readonly string[] | undefined> {
  const { stdout } = await command('status', id, '--json');
  const { procedures } = JSON.parse(stdout) as ScanProgress;
  return procedures.find(({ name }) => name === procedure)?.reasons;
}

/** What a scan leaves as it was: when runs were measured and analyses were done. */
function state() {
  const measured = ['pedestal_scan', 'trimmed_run'].map((name) => manifestLines(output, name).length);
  const done = readFileSync(join(output, 'trimmed_noise', 'done.txt'), 'utf8');
  return { measured, done, record: readFileSync(record, 'utf8') };
}

test('an analysis that ships and is newer than the calibration that runs were measured with waits for --again', async () => {
  const made = readFileSync(record, 'utf8');
  const code = `"code": "version ${today}"`;
  expect(made).toContain(code);
  writeFileSync(record, made.replace(code, `"code": "version ${today - 1}"`));
  const before = state();
  const note =
    'the analysis is newer: 2 runs downstream would be measured again (--again pedestal_calibration runs it)';

  expect(await plan('--output', output)).toContain(
    `pedestal_calibration: its results are there and still hold\n    ${note}\n`,
  );
  expect((await run('second')).code).toBe(0);
  expect(state()).toEqual(before);
  expect(await reasonsOf('second', 'pedestal_calibration')).toEqual([note]);

  const words = ['--output', output, '--again', 'pedestal_calibration', '--json'];
  const { procedures } = JSON.parse(await plan(...words)) as { procedures: { name: string }[] };
  expect(procedures.find(({ name }) => name === 'pedestal_calibration')).toMatchObject({
    reused: 0,
    reasons: ['runs: it is asked for again: 2 runs downstream would be measured again where its calibration changes'],
  });
  expect((await run('third', '--again', 'pedestal_calibration')).code).toBe(0);
  const after = state();
  expect(JSON.parse(after.record)).toMatchObject({ key: { version: 2, code: `version ${today}` } });
  // it found the same calibration once more: nothing else has to be done again
  expect({ ...after, record: '' }).toEqual({ ...before, record: '' });
}, 300_000);

test('users’ analyses run again when they are asked for, and only they', async () => {
  const before = state();
  expect((await run('fourth', '--again', 'trimmed_noise')).code).toBe(0);
  const after = state();
  expect(after.done).not.toBe(before.done);
  expect({ ...after, done: '' }).toEqual({ ...before, done: '' });
}, 120_000);

test('a name that is none is refused with the nearest, by plan and by the scan', async () => {
  const before = state();
  const refused = await command('plan', join(folder, 'main.yaml'), 'trimmed_noise', '--again', 'trimmed_nois');
  const scan = await run('fifth', '--again', 'trimmed_nois', '--again', 'trimmed_run');
  for (const { code, stderr } of [refused, scan]) {
    expect(code).toBe(2);
    expect(stderr).toContain("there is no analysis 'trimmed_nois' in this scan that could be run again");
    expect(stderr).toContain("did you mean 'trimmed_noise'?");
  }
  expect(scan.stderr).toContain("'trimmed_run' takes data: only analyses are run again");
  expect(state()).toEqual(before);
}, 120_000);
