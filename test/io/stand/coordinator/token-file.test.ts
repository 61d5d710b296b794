import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TokenFile } from '../../../../src/io/stand/coordinator/token-file.js';
import { temporaryFolder } from '../../../support/disk/folders.js';

test('a token is kept for its user alone, replaced as a whole, and removed', async () => {
  const path = join(temporaryFolder(), 'stands', 's.token');
  const file = new TokenFile(path);
  expect(await file.read()).toBeUndefined();
  await file.write('first');
  const { ino, mode } = statSync(path);
  expect(mode & 0o777).toBe(0o600);
  await file.write('second');
  expect(statSync(path).ino).not.toBe(ino); // another file, under the same name from one moment to the next
  expect(await file.read()).toBe('second');
  await file.remove();
  expect(await file.read()).toBeUndefined();
});

test('a token that cannot be read is not taken for none', async () => {
  const path = join(temporaryFolder(), 's.token');
  mkdirSync(path);
  await expect(new TokenFile(path).read()).rejects.toMatchObject({
    type: 'StorageError',
    message: expect.stringContaining(`${path}, cannot be read: EISDIR`),
  });
});
