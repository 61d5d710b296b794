import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { runCli } from '../support/temporal/cli.js';
import { cleanEnvironment } from '../support/temporal/server.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { waitUntil } from '../support/tools/processes.js';
import { startUp } from '../support/temporal/up.js';

interface Finding {
  readonly name: string;
  readonly state: string;
  readonly text: string;
  readonly remedy?: string;
}

const state = { XDG_STATE_HOME: temporaryFolder() };

async function doctor(
  environment: NodeJS.ProcessEnv,
  ...more: string[]
): Promise<{ code: number | null; all: Finding[] }> {
  const { code, stdout } = await runCli(['doctor', '--json', ...more], { env: { ...environment, ...state } });
  return { code, all: (JSON.parse(stdout) as { findings: Finding[] }).findings };
}

test('without a server it says so, and how to get one', async () => {
  const { code, all } = await doctor({ ...cleanEnvironment(), TEMPORAL_ADDRESS: '127.0.0.1:1' });
  expect(code).toBe(1);
  expect(all.filter((finding) => finding.state === 'missing')).toEqual([
    {
      name: 'Temporal server',
      state: 'missing',
      text: 'none answers at 127.0.0.1:1 (nobody listens there)',
      remedy: expect.stringContaining('up'),
    },
  ]);
});

test('with one it finds workers, who has the stand, and what in an output folder can go', async () => {
  const up = await startUp({ base: { ...cleanEnvironment(), ...state } });
  const scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 10, runSeconds: 1 });
  const output = join(temporaryFolder(), 'out');
  const words = ['run', scan.main, 'injection_scan', '--network', scan.network, '--output', output, '--detach'];
  expect((await runCli([...words, '--id', 'looked-at'], { env: up.environment })).code).toBe(0);
  await waitUntil('a run', () => (measuredRuns(output, 'injection_scan') > 0 ? true : undefined));
  mkdirSync(join(output, '.old', 'before'), { recursive: true });
  writeFileSync(join(output, '.old', 'before', 'table.h5'), 'x'.repeat(1000));

  const { all } = await doctor(up.environment, '--output', output, '--stand', 'local', 'other');
  const texts = (name: string): string[] => all.filter((finding) => finding.name === name).map(({ text }) => text);
  expect(texts('worker').join('\n')).toMatch(
    /^datenraffinerie: .*\nprocessing: .*\nanalysis: .*\ndaq-local: .*\nnone for daq-other$/,
  );
  expect(texts('stands')[0]).toMatch(/^local: in use by process \d+ on \S+ \(.+\)$/);
  expect(texts('owner')[0]).toMatch(/^scan looked-at of \S+ on \S+, since .*, not closed$/);
  expect(texts('can go')).toEqual([`${join(output, '.old')}: 1 file, 1 kB`]);
  expect(all.find(({ name }) => name === 'can go')?.remedy).toBe(`rm -r '${join(output, '.old')}'`);
  expect(texts('output')).toEqual([`${output} can be written and locked`]);
  expect((await runCli(['abort', 'looked-at'], { env: up.environment })).code).toBe(0);
  await up.stop();
});

test('--version names the commit of a clone', async () => {
  expect((await runCli(['--version'])).stdout).toMatch(
    /^datenraffinerie \d+\.\d+\.\d+( \(commit [0-9a-f]{12}\+?\))?\n$/,
  );
});
