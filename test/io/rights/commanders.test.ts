import { chmodSync, chownSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { readNetwork } from '../../../src/io/configuration/network-reader.js';
import { whyNoCommands } from '../../../src/io/rights/commanders.js';
import { temporaryFolder } from '../../support/disk/folders.js';

// Whoever writes a network file that names commands has them run by the daq worker.
const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

function networkFile(mode: number, text = 'server: {hostname: localhost}\nslow_readings: date\n'): string {
  const file = join(temporaryFolder(), 'network.yaml');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

afterEach(() => vi.unstubAllEnvs());

it.each([0o600, 0o644])('a file of ours with mode %o may name commands', async (mode) => {
  expect((await readNetwork(networkFile(mode))).slowReadings?.command).toBe('date');
});

it('one that everybody can write may not, and the error says how to mend it', async () => {
  const file = networkFile(0o666);
  await expect(readNetwork(file)).rejects.toMatchObject({
    type: 'ConfigError',
    message: `${file} names a command (slow_readings), which is not run: everybody can write it`,
    remedy: expect.stringContaining(`chmod go-w ${file}`),
  });
});

it('one that everybody can write and that names no command is as good as any', async () => {
  const network = await readNetwork(networkFile(0o666, 'server: {hostname: localhost}\n'));
  expect(network.slowReadings).toBeUndefined();
});

it.skipIf(!isRoot)('one of another user may not, unless that user is named', async () => {
  const file = networkFile(0o644);
  chownSync(file, nobody, nobody);
  await expect(readNetwork(file)).rejects.toThrow('it belongs to nobody, and root runs it');
  vi.stubEnv('DATENRAFFINERIE_TRUSTED_USERS', 'daemon, nobody');
  expect((await readNetwork(file)).slowReadings).toBeDefined();
  vi.stubEnv('DATENRAFFINERIE_TRUSTED_USERS', `${nobody}`);
  expect((await readNetwork(file)).slowReadings).toBeDefined();
});

it.skipIf(!isRoot)('a group may write it only where it is the private one of its owner', async () => {
  const { uid } = statSync(networkFile(0o664));
  expect(await whyNoCommands({ uid, gid: 0, mode: 0o664 })).toBeUndefined(); // root's own
  expect(await whyNoCommands({ uid, gid: 1, mode: 0o664 })).toBe('all of the group daemon can write it');
  expect(await whyNoCommands({ uid, gid: 1, mode: 0o644 })).toBeUndefined();
});
