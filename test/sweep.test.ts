import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { root, temporaryFolder } from './support/disk/folders.js';
import sweep from './support/disk/sweep.js';

/** The pid of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

const made: string[] = [];
afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function leave(name: string, ...files: string[]): string {
  const folder = join(tmpdir(), name);
  mkdirSync(folder);
  for (const file of ['data', ...files]) writeFileSync(join(folder, file), '');
  made.push(folder);
  return folder;
}

test('folders of killed tests are taken away, those of living ones are not', () => {
  const left = leave(`datenraffinerie-test-${deadPid()}-x1`);
  const mine = temporaryFolder();
  sweep();
  expect([existsSync(left), existsSync(mine)]).toEqual([false, true]);
});

test('so are those of killed chaos runs, but for what was kept to be looked at', () => {
  const left = leave(`datenraffinerie-chaos-${deadPid()}-x1`);
  const kept = leave(`datenraffinerie-chaos-${deadPid()}-x2`, 'kept');
  const code = `import('${join(root, 'chaos/sweep.js')}').then(({ sweep }) => sweep(console.log))`;
  const { stdout } = spawnSync(process.execPath, ['-e', code], { encoding: 'utf8' });
  expect(stdout).toContain(`taken away: ${left}`);
  expect([existsSync(left), existsSync(kept)]).toEqual([false, true]);
});
