import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeRecordedScan, type RecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { measuredRuns } from '../support/disk/scan-folder.js';
import { startCli, type RunningCli } from '../support/temporal/cli.js';
import { startUp, type Up } from '../support/temporal/up.js';
import { waitUntil } from '../support/tools/processes.js';

// `run` on a pipe: the signal ends the command, at once and without a trace of what it was doing; the scan goes on.
let up: Up;
let scan: RecordedScan;
beforeAll(async () => {
  up = await startUp();
  scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 5, events: 10, runSeconds: 0.2 });
});

function run(output: string): RunningCli {
  const words = ['run', scan.main, 'injection_scan', '--network', scan.network, '--output', output];
  return startCli(words, { env: up.environment });
}

/** How the command ends, and that it says nothing but that the scan goes on. */
async function endsQuietly(running: RunningCli): Promise<void> {
  const { code } = await running.ended;
  expect(code).toBe(130);
  expect(running.stderr.at(-1)).toMatch(/^the scan goes on: 'datenraffinerie watch \S+' shows it again$/);
  expect(running.stderr.join('\n')).not.toMatch(/Error|^\s+at /m);
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s while the scan is being opened', async (signal) => {
  const running = run(join(temporaryFolder(), 'out'));
  await running.waitForLine(/^scan \S+$/);
  running.signal(signal);
  await endsQuietly(running);
});

test('SIGTERM while it runs', async () => {
  const output = join(temporaryFolder(), 'out');
  const running = run(output);
  await waitUntil('a run', () => (measuredRuns(output, 'injection_scan') > 0 ? true : undefined), 60_000);
  running.signal('SIGTERM');
  await endsQuietly(running);
});

test('SIGINT where nobody answers any more', async () => {
  const running = run(join(temporaryFolder(), 'out'));
  await running.waitForLine(/^scan \S+$/);
  await up.kill();
  running.signal('SIGINT');
  await endsQuietly(running);
});
