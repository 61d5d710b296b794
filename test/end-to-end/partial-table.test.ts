import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// What a scan that was cut short has measured is there to be looked at, until the whole table is.
const procedure = 'injection_scan';
let up: Up;
let scan: RecordedScan;
beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5, events: 10, runSeconds: 0.2 });
});

const words = (output: string, id: string): string[] => [
  ...['run', scan.main, procedure, '--network', scan.network, '--output', output, '--id', id],
];

async function runsIn(path: string): Promise<number[]> {
  const table = await TableFile.open(path);
  try {
    return table.runs().map(({ run }) => run);
  } finally {
    table.close();
  }
}

test('an aborted scan leaves a partial table and says so; the whole one takes its place', async () => {
  const output = join(temporaryFolder(), 'out');
  const partial = join(output, `${procedure}.partial.h5`);
  const running = startCli(words(output, 'cut'), { env: up.environment });
  await waitUntil('some runs', () => (measuredRuns(output, procedure) >= 3 ? true : undefined));
  expect((await runCli(['abort', 'cut'], { env: up.environment })).code).toBe(0);
  expect((await running.ended).code).toBe(1);

  const measured = measuredRuns(output, procedure);
  expect(measured).toBeLessThan(scan.runs);
  expect(await runsIn(partial)).toEqual(Array.from({ length: measured }, (_, run) => run));
  expect(existsSync(join(output, `${procedure}.h5`))).toBe(false);
  expect(readFileSync(join(output, 'report.html'), 'utf8')).toContain(`${procedure}.partial.h5`);

  expect((await runCli(words(output, 'whole'), { env: up.environment })).code).toBe(0);
  expect(existsSync(partial)).toBe(false);
  expect(await runsIn(join(output, `${procedure}.h5`))).toHaveLength(scan.runs);
  expect(readFileSync(join(output, 'report.html'), 'utf8')).not.toContain('partial');
});

test('one that is aborted without processing, or before its first run, leaves none', async () => {
  const output = join(temporaryFolder(), 'out');
  expect((await runCli([...words(output, 'early'), '--detach'], { env: up.environment })).code).toBe(0);
  expect((await runCli(['abort', 'early'], { env: up.environment })).code).toBe(0);
  await waitUntil('the end', async () => {
    const { stdout } = await runCli(['status', 'early', '--json'], { env: up.environment });
    return (JSON.parse(stdout) as { phase: string }).phase === 'aborted' ? true : undefined;
  });
  const partial = join(output, `${procedure}.partial.h5`);
  expect(existsSync(partial)).toBe(measuredRuns(output, procedure) > 0);
});
