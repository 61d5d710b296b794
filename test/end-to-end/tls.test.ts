import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeRecordedScan } from '../../src/simulator/recorded-scan.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { runCli } from '../support/temporal/cli.js';
import { cleanEnvironment, withServer } from '../support/temporal/server.js';
import { certificates, startTlsEndpoint, type TlsEndpoint } from '../support/temporal/tls-endpoint.js';
import { startUp } from '../support/temporal/up.js';

// A server of the lab: reached through TLS, with a client's certificate and a key.
const key = 'the-key-of-the-lab-4711';
const server = withServer();
let endpoint: TlsEndpoint;
let open: NodeJS.ProcessEnv;

beforeAll(async () => {
  endpoint = await startTlsEndpoint(server.address, key);
  open = {
    ...cleanEnvironment(),
    XDG_STATE_HOME: temporaryFolder(),
    TEMPORAL_ADDRESS: endpoint.address,
    TEMPORAL_TLS: 'true',
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: certificates('ca.crt'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: certificates('client.crt'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: certificates('client.key'),
    TEMPORAL_API_KEY: key,
  };
});
afterAll(() => endpoint.close());

const without = (...names: string[]): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(open).filter(([name]) => !names.includes(name)));

test('a scan runs, and the key is in nothing that is printed', async () => {
  const up = await startUp({ environment: open });
  const scan = await writeRecordedScan(join(temporaryFolder(), 'scan'), { seed: 3, events: 10 });
  const words = [
    'run',
    scan.main,
    'injection_scan',
    '--network',
    scan.network,
    '--output',
    join(temporaryFolder(), 'out'),
  ];
  const { code, stdout, stderr } = await runCli(words, { env: open });
  expect(stderr).toContain('done');
  expect(code).toBe(0);
  await up.stop();
  expect([stdout, stderr, ...up.cli.stdout, ...up.cli.stderr].join('\n')).not.toContain(key);
});

test.each([
  [
    'without TLS',
    () =>
      without(
        'TEMPORAL_TLS',
        'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
        'TEMPORAL_TLS_CLIENT_CERT_PATH',
        'TEMPORAL_TLS_CLIENT_KEY_PATH',
        'TEMPORAL_API_KEY',
      ),
  ],
  ['without a certificate of its own', () => without('TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH')],
  ['with another authority', () => without('TEMPORAL_TLS_SERVER_CA_CERT_PATH')],
  ['with another key', () => ({ ...open, TEMPORAL_API_KEY: 'another' })],
])('%s, commands and workers end with 1 and say so', async (_, environment) => {
  for (const words of [['list'], ['worker', 'workflow']]) {
    const { code, stderr } = await runCli(words, { env: environment() });
    expect(stderr, words.join(' ')).toContain(endpoint.address);
    expect(stderr).not.toContain(key);
    expect(code, words.join(' ')).toBe(1);
  }
});
