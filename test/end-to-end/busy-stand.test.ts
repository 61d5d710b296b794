import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BoardLock } from '../../src/io/stand/locks/board-lock.js';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import { startSimulator } from '../../src/simulator/simulator.js';
import { spawnGuarded } from '../../src/io/processes/guarded-process.js';
import { runCli, startCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { gridProcedure, writeInjectionGrid } from '../support/tables/injection-grid.js';
import { untilStatus } from '../support/temporal/until-status.js';
import { startUp, type Up } from '../support/temporal/up.js';

/** What a scan that has to wait says of it. */
function waitingFor(up: Up, id: string): Promise<string> {
  return untilStatus(
    up,
    id,
    'what it waits for',
    ({ waitingFor }) => (waitingFor?.includes('in use') === true ? waitingFor : undefined),
    90_000,
  );
}

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
  expect(await waitingFor(up, 'waits')).toContain('its stand: stand local is in use by');
  await bench.stop(1000);
  expect((await running.ended).code).toBe(0);
}, 180_000);

test('a scan waits for a board that is driven under another name, says by whom, and goes on when it is free', async () => {
  const simulator = await startSimulator({ chips: 1, runSeconds: 0.002, eventsPerMessage: 5 });
  const [{ networkFile, ports }] = simulator.stands;
  const up = await startUp();
  const folder = temporaryFolder();
  const network = join(folder, 'network.yaml');
  writeFileSync(network, networkFile);
  const other = await BoardLock.take({ hostname: 'localhost', port: ports.slowControl }, new AbortController().signal);
  const main = writeInjectionGrid(join(folder, 'configuration'));
  const words = [
    'run',
    main,
    gridProcedure,
    '--network',
    network,
    '--output',
    join(folder, 'out'),
    '--id',
    'shared',
    '--stand',
    'local',
  ];
  const running = startCli(words, { env: up.environment });
  expect(await waitingFor(up, 'shared')).toMatch(
    `its stand: the board behind the slow-control server at 127.0.0.1:${ports.slowControl} is in use by process ${process.pid}`,
  );
  const bench = await runCli(['stand', 'read', '--network', network], { env: { TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  expect(bench).toMatchObject({ code: 1, stderr: expect.stringContaining(`is in use by process ${process.pid}`) });
  await other.release();
  expect((await running.ended).code).toBe(0);
  simulator.close();
}, 180_000);
