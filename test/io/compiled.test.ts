import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { compiledModule, compiledProgram, packageFile, program } from '../../src/io/compiled.js';
import { downloadTemporalCli } from '../../src/io/temporal/cli-download.js';
import { root, temporaryFolder } from '../support/disk/folders.js';

afterEach(() => void vi.unstubAllEnvs());

test('compiled code is found from the sources too, and its absence told with the remedy', () => {
  expect(compiledProgram('io/threads/thread-entry.js')).toBe(join(root, 'dist/io/threads/thread-entry.js'));
  expect(() => compiledModule('io/none.js')).toThrow(/dist\/io\/none\.js is missing: run npm run build/);
  expect([program, packageFile('python/runner.py')].filter((path) => !existsSync(path))).toEqual([]);
});

test('the Temporal CLI is downloaded by compiled code, also from the sources', async () => {
  for (const name of ['https_proxy', 'HTTPS_PROXY']) vi.stubEnv(name, 'http://127.0.0.1:9'); // nobody listens there
  for (const name of ['no_proxy', 'NO_PROXY']) vi.stubEnv(name, '');
  const made = await downloadTemporalCli(temporaryFolder(), { log: () => undefined });
  expect(made).toEqual({
    reason: expect.stringMatching(/^the download of the Temporal CLI .* failed: .*connect error/),
  });
});
