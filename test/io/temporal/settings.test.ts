import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectClient } from '../../../src/io/temporal/connection.js';
import { freePort } from '../../../src/io/temporal/free-port.js';
import { configuredAddress, environmentFor, readTemporalSettings } from '../../../src/io/temporal/settings.js';
import { connectWorker } from '../../../src/io/temporal/worker-connection.js';
import { temporaryFolder } from '../../support/disk/folders.js';

afterEach(() => vi.unstubAllEnvs());

/** No variable of Temporal but these. */
function useEnvironment(variables: Record<string, string>): void {
  const others = Object.keys(process.env).filter((name) => name.startsWith('TEMPORAL_'));
  for (const name of others) vi.stubEnv(name, undefined);
  vi.stubEnv('TEMPORAL_CONFIG_FILE', '/nonexistent/temporal.toml');
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

function profileFile(text: string): string {
  const file = join(temporaryFolder(), 'temporal.toml');
  writeFileSync(file, text);
  return file;
}

describe('settings of Temporal', () => {
  it('are those of up on this machine where nothing else is said', () => {
    useEnvironment({});
    expect(configuredAddress()).toBeUndefined();
    expect(readTemporalSettings()).toMatchObject({ address: '127.0.0.1:7233', namespace: 'default' });
  });

  it('come from a profile, and the environment wins over it', () => {
    const file = profileFile(
      '[profile.lab]\naddress = "lab:7233"\nnamespace = "hgcal"\n[profile.lab.tls]\nserver_name = "lab.example"\n',
    );
    useEnvironment({ TEMPORAL_CONFIG_FILE: file, TEMPORAL_PROFILE: 'lab' });
    const { address, namespace, connectionOptions } = readTemporalSettings();
    expect({ address, namespace }).toEqual({ address: 'lab:7233', namespace: 'hgcal' });
    expect(connectionOptions.tls).toMatchObject({ serverNameOverride: 'lab.example' });
    vi.stubEnv('TEMPORAL_NAMESPACE', 'test');
    expect(readTemporalSettings().namespace).toBe('test');
  });

  it('that cannot be read are a configuration error that names the file', () => {
    const file = profileFile('[profile.default\n');
    useEnvironment({ TEMPORAL_CONFIG_FILE: file });
    expect(() => readTemporalSettings()).toThrow(expect.objectContaining({ type: 'ConfigError' }));
    expect(() => readTemporalSettings()).toThrow(file);
  });

  it('are put aside for processes that shall use our own server', () => {
    const environment = environmentFor('127.0.0.1:1', { PATH: '/bin', TEMPORAL_TLS: 'true', TEMPORAL_PROFILE: 'lab' });
    expect(environment).toEqual({
      PATH: '/bin',
      TEMPORAL_ADDRESS: '127.0.0.1:1',
      TEMPORAL_CONFIG_FILE: '/nonexistent/temporal.toml',
    });
  });
});

describe('a server that does not answer', () => {
  it('is named with the remedy, to clients and to workers', async () => {
    const address = `127.0.0.1:${await freePort(0)}`;
    useEnvironment({ TEMPORAL_ADDRESS: address });
    const expected = {
      type: 'ServerError',
      message: expect.stringContaining(`no Temporal server answers at ${address}`),
      remedy: expect.stringContaining('datenraffinerie up'),
    };
    await expect(connectClient({ timeoutMs: 300 })).rejects.toMatchObject(expected);
    await expect(connectWorker()).rejects.toMatchObject(expected);
  });
});
