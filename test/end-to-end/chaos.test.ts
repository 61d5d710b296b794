import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../support/disk/folders.js';
import { cleanEnvironment, temporalCli } from '../support/temporal/server.js';

/** Nothing is lost, nothing is measured twice, the board is free in the end: whatever dies, and when. */
test('a scan survives 30 random kills, stops and outages', { timeout: 600_000 }, async () => {
  const env = { ...cleanEnvironment(), DATENRAFFINERIE_TEMPORAL_CLI: temporalCli() };
  const words = [join(root, 'chaos', 'run.js'), '--kills', '30', '--seed', '6'];
  const running = promisify(execFile)(process.execPath, words, { env });
  const ended: { stdout: string; code?: unknown } = await running.catch(
    (error: { stdout: string; code: unknown }) => error,
  );
  const { stdout, code = 0 } = ended;
  expect(stdout).toMatch(/ 30 events, \d+ runs, \d+ measured twice/);
  expect(stdout).not.toContain('WRONG');
  expect(code).toBe(0);
});
