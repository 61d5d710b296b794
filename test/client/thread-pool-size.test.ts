import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root, temporaryFolder } from '../support/disk/folders.js';

/** Threads of the program when it ends, on a machine that seems to have `cores` cores. */
function threads(cores: number, environment: NodeJS.ProcessEnv = {}): number {
  const hook = join(temporaryFolder(), 'hook.cjs');
  const script = `
    const { readdirSync, writeSync } = require('node:fs');
    require('node:os').availableParallelism = () => ${cores};
    process.on('exit', () => writeSync(2, String(readdirSync('/proc/self/task').length)));`;
  writeFileSync(hook, script);
  const program = join(root, 'bin/datenraffinerie.js');
  const { UV_THREADPOOL_SIZE: _, ...others } = process.env;
  const command = `"$0" --require "$1" "$2" --help 2>&1 >/dev/null`;
  const output = execFileSync('sh', ['-c', command, process.execPath, hook, program], {
    env: { ...others, ...environment },
  });
  return Number(output.toString());
}

test.skipIf(process.platform !== 'linux')('there are threads for compression for all cores, and at least four', () => {
  const four = threads(4);
  expect(four).toBeGreaterThan(4);
  expect(threads(9)).toBe(four + 5);
  expect(threads(2)).toBe(four);
  expect(threads(9, { UV_THREADPOOL_SIZE: '6' })).toBe(four + 2);
});
