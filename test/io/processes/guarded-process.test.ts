import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { spawnGuarded } from '../../../src/io/processes/guarded-process.js';
import { processIdentity } from '../../../src/io/processes/process-identity.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';
import { waitUntil } from '../../support/tools/processes.js';

const gone = (pid: number) => (): true | undefined => (processIdentity(pid) === undefined ? true : undefined);

describe('guarded process', () => {
  it('hands on lines and exit code', async () => {
    const lines: string[] = [];
    const child = spawnGuarded('sh', ['-c', 'echo one; echo two >&2; exit 3'], { onLine: (line) => lines.push(line) });
    expect(await child.ended).toMatchObject({ code: 3, signal: null });
    await waitUntil('both lines', () => (lines.length === 2 ? true : undefined));
    expect(lines.sort()).toEqual(['one', 'two']);
  });

  it('runs under its own pid', async () => {
    const lines: string[] = [];
    const child = spawnGuarded(process.execPath, ['-p', 'String(process.pid)'], { onLine: (line) => lines.push(line) });
    await child.ended;
    await waitUntil('its line', () => lines[0]);
    expect(lines).toEqual([`${child.pid}`]);
  });

  it('ends on stop, with its children when it does not listen', async () => {
    const child = spawnGuarded('sh', ['-c', "trap '' TERM; sleep 300 & echo $!; wait; sleep 300"], {
      onLine: (line) => lines.push(line),
    });
    const lines: string[] = [];
    const inner = Number(await waitUntil('the pid of its child', () => lines[0]));
    expect(await child.stop(200)).toMatchObject({ signal: 'SIGKILL' });
    await waitUntil('its child to be gone', gone(inner));
  });

  it('says where a program does not exist', async () => {
    const { code } = await spawnGuarded('/nonexistent/program', []).ended;
    expect(code).toBe(127);
  });

  it('does not outlive a parent that is killed', async () => {
    const script = join(temporaryFolder(), 'parent.mjs');
    const module = join(root, 'dist', 'io', 'processes', 'guarded-process.js');
    writeFileSync(
      script,
      `import { spawnGuarded } from ${JSON.stringify(module)};\n` +
        "console.log(String(spawnGuarded('sleep', ['300']).pid));\n",
    );
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
    const pid = Number(line);
    expect(processIdentity(pid)).toBeDefined();
    parent.kill('SIGKILL');
    await waitUntil('the child to be gone', gone(pid));
  });
});
