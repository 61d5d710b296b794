import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startOwnServer, type OwnServer } from '../../../src/client/up/own-server.js';
import { processIdentity } from '../../../src/io/processes/process-identity.js';
import { tryProcessLock } from '../../../src/io/processes/process-lock.js';
import { temporaryFolder } from '../../support/disk/folders.js';
import { waitUntil } from '../../support/tools/processes.js';

let stop = new AbortController();
let data = '';

/** A Temporal CLI whose server never becomes ready. */
const cli = `#!/bin/sh
case "$1" in --version) echo 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)' ;; *) exec sleep 600 ;; esac
`;

beforeEach(() => {
  stop = new AbortController();
  data = temporaryFolder();
  const path = join(data, 'temporal');
  writeFileSync(path, cli, { mode: 0o755 });
  vi.stubEnv('DATENRAFFINERIE_TEMPORAL_CLI', path);
});
afterEach(() => {
  stop.abort();
  vi.unstubAllEnvs();
});

function start(): Promise<OwnServer> {
  return startOwnServer({ port: 0, ui: true, data, log: () => undefined, signal: stop.signal });
}

async function expectFree(): Promise<void> {
  const lock = await tryProcessLock(join(data, 'up.lock'));
  expect(lock).toHaveProperty('release');
  if ('release' in lock) lock.release();
}

test('a server is not started where it cannot be told whether an earlier one still runs', async () => {
  const record = join(data, 'server.pid');
  mkdirSync(record);
  await expect(start()).rejects.toMatchObject({
    type: 'StorageError',
    message: expect.stringContaining(`${record}, cannot be read: EISDIR`),
    remedy: 'see that no Temporal server runs on this folder, and remove the record',
  });
  await expectFree();
});

test('a server is known of as soon as it runs, long before it is ready', async () => {
  const starting = start();
  starting.catch(() => undefined);
  const identity = await waitUntil('its record', () => {
    const text = readRecord().trim();
    return text === '' ? undefined : text;
  });
  expect(processIdentity(Number.parseInt(identity, 10))).toBe(identity);
  stop.abort(new Error('no longer wanted'));
  await expect(starting).rejects.toThrow('no longer wanted');
  expect(processIdentity(Number.parseInt(identity, 10))).toBeUndefined();
  await expectFree();
});

function readRecord(): string {
  try {
    return readFileSync(join(data, 'server.pid'), 'utf8');
  } catch {
    return ''; // not yet
  }
}
