import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import type { ScanProgress } from '../../src/workflows/messages.js';
import { spawnGuarded } from '../../src/io/guarded-process.js';
import { runCli, startCli } from '../support/cli.js';
import { temporaryFolder } from '../support/folders.js';
import { waitUntil } from '../support/processes.js';
import { startUp } from '../support/up.js';

test('a scan waits for a stand that another program has locked, says for whom, and goes on when it is free', async () => {
  const state = temporaryFolder(); // where the locks of stands lie
  process.env['XDG_STATE_HOME'] = state;
  const up = await startUp();
  const scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 5 });
  // what a bench tool does: flock(1) keeps the lock as long as its command runs
  const lock = join(state, 'datenraffinerie', 'stands', 'local.lock');
  const bench = spawnGuarded('flock', [lock, 'sleep', '600']);
  const words = ['run', scan.main, 'injection_scan', '--network', scan.network, '--id', 'waits'];
  const running = startCli([...words, '--output', join(temporaryFolder(), 'out')], { env: up.environment });
  const waitingFor = await waitUntil('what it waits for', async () => {
    const { stdout } = await runCli(['status', 'waits', '--json'], { env: up.environment });
    const { waitingFor } = JSON.parse(stdout === '' ? '{}' : stdout) as Partial<ScanProgress>;
    return waitingFor?.includes('in use') === true ? waitingFor : undefined;
  });
  expect(waitingFor).toContain('its stand: stand local is in use by');
  await bench.stop(1000);
  expect((await running.ended).code).toBe(0);
}, 120_000);
