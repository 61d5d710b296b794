import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { waitUntil } from '../support/tools/processes.js';
import { manifestLines, measuredRuns, sha256Of } from '../support/disk/scan-folder.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** Parts of a running scan are killed with -9: it ends all the same, with the very table of an undisturbed one. */
let up: Up;
let scan: RecordedScan;
let undisturbed: string;

beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 7, events: 20 });
  writeFileSync(scan.network, readFileSync(scan.network, 'utf8').replace(/run_seconds: .*/, 'run_seconds: 0.3'));
  const output = join(temporaryFolder(), 'out');
  const result = await runCli(words(output, 'undisturbed'), { env: up.environment });
  expect(result.code).toBe(0);
  undisturbed = sha256Of(join(output, 'injection_scan.h5'));
});

function words(output: string, id: string): string[] {
  return ['run', scan.main, 'injection_scan', '--network', scan.network, '--output', output, '--id', id];
}

test.each(['daq', 'workflow', 'processing', 'server'])('%s', async (part) => {
  const output = join(temporaryFolder(), 'out');
  const running = startCli(words(output, `killed-${part}`), { env: up.environment });
  await waitUntil('five runs', () => (measuredRuns(output, 'injection_scan') >= 5 ? true : undefined));
  const measured = measuredRuns(output, 'injection_scan');
  if (part === 'server') process.kill(up.server()?.pid ?? 0, 'SIGKILL');
  else await up.killWorker(part);
  const { code } = await running.ended;
  expect(running.stderr.at(-1)).toContain('done');
  expect(code).toBe(0);
  const lines = manifestLines(output, 'injection_scan');
  expect(new Set(lines.map((line) => line.run)).size).toBe(scan.runs);
  expect(lines.length - scan.runs, 'runs measured twice').toBeLessThanOrEqual(2);
  expect(
    lines.findIndex((line, i) => line.run < i),
    'nothing from before the kill is measured again',
  ).toSatisfy((first: number) => first < 0 || first >= measured - 2);
  expect(sha256Of(join(output, 'injection_scan.h5'))).toBe(undisturbed);
});

test('a scan goes on as soon as its daq worker is back', async () => {
  const output = join(temporaryFolder(), 'out');
  const running = startCli(words(output, 'quickly'), { env: up.environment });
  await waitUntil('five runs', () => (measuredRuns(output, 'injection_scan') >= 5 ? true : undefined));
  await up.killWorker('daq');
  const before = measuredRuns(output, 'injection_scan');
  // ten seconds where nothing else runs; a lease or a lock that runs out would take minutes
  await waitUntil('another run', () => (measuredRuns(output, 'injection_scan') > before ? true : undefined), 30_000);
  expect((await running.ended).code).toBe(0);
});
