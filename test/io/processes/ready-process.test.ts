import { expect, test } from 'vitest';
import { startReady } from '../../../src/io/processes/ready-process.js';

const never = new AbortController().signal;
const sh = (script: string, lines: string[], signal = never) =>
  startReady('sh', ['-c', script], { onLine: (line) => lines.push(line) }, signal);

test('a process is started when it says so', async () => {
  const lines: string[] = [];
  const { child, early } = await sh('echo coming; echo ready port=1; exec sleep 300', lines);
  expect({ early, lines }).toEqual({ early: undefined, lines: ['coming'] });
  expect(await child.stop(1000)).toMatchObject({ signal: 'SIGTERM' });
});

test('one that ends before is not, and its last message is known', async () => {
  const { early } = await sh('echo "no port" >&2; echo "    take another" >&2; sleep 0.2; exit 3', []);
  expect(early).toMatchObject({ ending: { code: 3, signal: null }, last: 'no port' });
});

test('one that is no longer wanted is killed while it comes up, or not started', async () => {
  const stopping = new AbortController();
  const lines: string[] = [];
  const starting = startReady(
    'sh',
    ['-c', 'echo coming; exec sleep 300'],
    { onLine: () => stopping.abort() },
    stopping.signal,
  );
  expect((await starting).early).toMatchObject({ ending: { signal: 'SIGKILL' } });
  await expect(sh('echo ready now', lines, stopping.signal)).rejects.toThrow('abort');
  expect(lines).toEqual([]);
});
