import { openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { flock } from '../../../src/io/processes/flock.js';
import { temporaryFolder } from '../../support/disk/folders.js';

/** With a `flock` of the given text on PATH, and nothing else. */
function withFlock(script: string | undefined): number {
  const folder = temporaryFolder();
  if (script !== undefined) writeFileSync(join(folder, 'flock'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('PATH', folder);
  return openSync(join(folder, 'a.lock'), 'a');
}

describe('flock', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('takes a lock, and tells one that is taken', async () => {
    const path = join(temporaryFolder(), 'a.lock');
    const [first, second] = [openSync(path, 'a'), openSync(path, 'a')];
    expect(await flock(first, 0)).toBe(true);
    expect(await flock(second, 0)).toBe(false);
  });

  it('does not take a lock for taken that cannot be had at all', async () => {
    const file = withFlock('echo "flock: 3: No locks available" >&2; exit 71');
    await expect(flock(file, 0)).rejects.toMatchObject({
      type: 'StorageError',
      message: 'flock(1) failed (exit code 71): flock: 3: No locks available',
    });
    await expect(flock(withFlock('kill -9 $$'), 0)).rejects.toThrow('flock(1) failed (signal SIGKILL)');
  });

  it('says what is missing where there is no flock(1)', async () => {
    await expect(flock(withFlock(undefined), 0)).rejects.toMatchObject({ remedy: 'install util-linux' });
  });
});
