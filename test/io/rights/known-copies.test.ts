import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { freezeNetwork, loadNetwork, readUsersNetwork } from '../../../src/io/configuration/frozen-network.js';
import type { NetworkReference } from '../../../src/domain/scan/tasks.js';
import { textSha256 } from '../../../src/io/files.js';
import { networkPath } from '../../../src/io/output/paths.js';
import { temporaryFolder } from '../../support/disk/folders.js';

// A scan's copy of the network file belongs to the worker that made it, whoever wrote the original.
const text = 'server: {hostname: localhost}\nslow_readings: date\n';
let output: string;
let original: string;
let state: string;

beforeEach(() => {
  state = temporaryFolder();
  vi.stubEnv('XDG_STATE_HOME', state);
  output = temporaryFolder();
  original = join(temporaryFolder(), 'network.yaml');
  writeFileSync(original, text);
});
afterEach(() => vi.unstubAllEnvs());

/** A copy that no worker of ours has made. */
function foreignCopy(): NetworkReference {
  const path = networkPath(output);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
  return { path, sha256: textSha256(text) };
}

it('commands of a copy that this user has made are run, also when the original is gone', async () => {
  const reference = await freezeNetwork(await readUsersNetwork(original), output);
  rmSync(original);
  expect((await loadNetwork(reference)).slowReadings?.command).toBe('date');
  expect(statSync(join(state, 'datenraffinerie')).mode & 0o777).toBe(0o700);
});

it('those of any other copy are not', async () => {
  await expect(loadNetwork(foreignCopy())).rejects.toMatchObject({
    type: 'ConfigError',
    message: expect.stringContaining('names a command (slow_readings), which is not run'),
  });
});

it('a worker of another host or user believes its eyes: the original, if it has the right', async () => {
  const reference = await freezeNetwork(await readUsersNetwork(original), output);
  vi.stubEnv('XDG_STATE_HOME', temporaryFolder());
  expect((await loadNetwork(reference)).slowReadings).toBeDefined();

  vi.stubEnv('XDG_STATE_HOME', temporaryFolder());
  chmodSync(original, 0o666);
  await expect(loadNetwork(reference)).rejects.toThrow('everybody can write it');

  chmodSync(original, 0o644);
  writeFileSync(original, readFileSync(original, 'utf8').replace('date', 'id'));
  await expect(loadNetwork(reference)).rejects.toThrow(`it is no copy of ${original}`);
});
