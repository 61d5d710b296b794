import { chmodSync, writeFileSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { flock } from '../../../src/io/processes/flock.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const files: FileHandle[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const file of files.splice(0)) await file.close();
});

async function opened(path: string): Promise<number> {
  const file = await open(path, 'a');
  files.push(file);
  return file.fd;
}

/** Puts a program of this name and text before all others. */
function program(name: string, text: string): void {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}`);
  chmodSync(join(folder, name), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`);
}

/** As Homebrew's: no long options, no waiting for 0 s, and another exit code when time is up. */
const homebrews = `
PATH=\${PATH#*:}
case "$1" in
  --*) exit 64 ;;
  -w) [ "$2" = 0 ] && exit 64; flock "$@" || exit 65 ;;
  *) exec flock "$@" ;;
esac
`;

describe.each([
  ['flock(1) of util-linux', undefined],
  ["Homebrew's flock(1)", homebrews],
])('with %s', (_, text) => {
  test('an open file is locked until it is closed', async () => {
    if (text !== undefined) program('flock', text);
    const path = join(temporaryFolder(), 'lock');
    const [first, second] = [await opened(path), await opened(path)];
    expect(await flock(first, 0)).toBe(true);
    expect(await flock(second, 0)).toBe(false);
    expect(await flock(second, 0.1)).toBe(false);
    const waiting = flock(second, 60);
    await files.shift()?.close();
    expect(await waiting).toBe(true);
  });
});

test('waiting for a lock can be given up', async () => {
  const path = join(temporaryFolder(), 'lock');
  expect(await flock(await opened(path), 0)).toBe(true);
  const stop = new AbortController();
  const waiting = flock(await opened(path), 60, stop.signal);
  stop.abort(new Error('enough'));
  await expect(waiting).rejects.toThrow('enough');
});

test('its absence is told with the remedy', async () => {
  const fd = await opened(join(temporaryFolder(), 'lock'));
  vi.stubEnv('PATH', temporaryFolder());
  await expect(flock(fd, 0)).rejects.toMatchObject({
    type: 'ConfigError',
    message: 'flock(1), which locks stands and boards, is not on PATH',
    remedy: "install util-linux; on macOS 'brew install flock'",
  });
});

test('a file that cannot be locked is not one that another has', async () => {
  const fd = await opened(join(temporaryFolder(), 'lock'));
  program('flock', 'echo "flock: 3: No locks available" >&2; exit 71\n');
  const failure = { type: 'StorageError', message: 'a file cannot be locked: flock: 3: No locks available' };
  await expect(flock(fd, 0.1)).rejects.toMatchObject(failure);
  await expect(flock(fd, 0)).rejects.toMatchObject(failure);
  program('flock', 'kill -9 $$');
  await expect(flock(fd, 0)).rejects.toThrow('a file cannot be locked: flock(1): signal SIGKILL');
});
