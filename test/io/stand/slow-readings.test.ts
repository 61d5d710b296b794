import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { SlowReader } from '../../../src/io/stand/slow-readings.js';
import { temporaryFolder } from '../../support/disk/folders.js';

const never = new AbortController().signal;
const reader = (command: string | readonly string[], everySeconds = 0) => new SlowReader({ command, everySeconds });

describe('slow readings', () => {
  test('are the numbers that the command prints', async () => {
    const readings = await reader('echo "temperature: 24.5"; echo "bias: -3.0e+2"; echo warming up >&2').read(never);
    expect([...readings]).toEqual([
      ['temperature', 24.5],
      ['bias', -300],
    ]);
  });

  test('are numbers as programs print them; a sensor that is lost has NaN', async () => {
    const printed = 'a: 2e-09\nb: 1E5\nc: +3e+2\nd: nan\ne: .nan\nf: -1.5e-3\ng: 010.5';
    const readings = await reader(`printf '${printed.replaceAll('\n', '\\n')}\\n'`).read(never);
    expect(Object.fromEntries(readings)).toEqual({ a: 2e-9, b: 1e5, c: 300, d: NaN, e: NaN, f: -1.5e-3, g: 10.5 });
  });

  test('come from a program with arguments, without a shell', async () => {
    const readings = await reader([process.execPath, '-e', 'console.log("a: $HOME".length, ":", 1)'])
      .read(never)
      .catch((error: unknown) => error);
    expect(String(readings)).toContain('is no column name');
  });

  test('are read again only after the time given', async () => {
    const file = join(temporaryFolder(), 'calls');
    writeFileSync(file, '');
    const often = reader(`echo x >> ${file}; echo a: 1`);
    const seldom = reader(`echo x >> ${file}; echo a: 1`, 60);
    for (let i = 0; i < 3; i++) await often.read(never);
    expect(readFileSync(file, 'utf8')).toBe('x\nx\nx\n');
    for (let i = 0; i < 3; i++) await seldom.read(never);
    expect(readFileSync(file, 'utf8')).toBe('x\nx\nx\nx\n');
  });

  test('refuse with the last line of the command as the reason', async () => {
    await expect(reader('echo a: 1; echo "chiller at 31 C, limit 30 C" >&2; exit 3').read(never)).rejects.toMatchObject(
      {
        type: 'ReadingError',
        message: 'slow readings: chiller at 31 C, limit 30 C',
      },
    );
    await expect(reader('exit 3').read(never)).rejects.toThrow(/exit code 3/);
    await expect(reader(['/no/such/program']).read(never)).rejects.toMatchObject({ type: 'ReadingError' });
  });

  test('must be numbers with names', async () => {
    for (const output of ['temperature: warm', '24.5', '"two words": 1', 'a: 12 V', 'a: ']) {
      await expect(reader(`echo '${output}'`).read(never), output).rejects.toMatchObject({ type: 'ConfigError' });
    }
  });

  test('end at once when they are aborted', async () => {
    const stop = new AbortController();
    const reading = reader('sleep 60; echo a: 1').read(stop.signal);
    stop.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
