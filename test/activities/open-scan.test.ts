import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfigurationActivities } from '../../src/activities/configuration.js';
import type { ScanInput } from '../../src/domain/scan/scan-input.js';
import type { OpenedScan } from '../../src/domain/scan/tasks.js';
import { readConfiguration } from '../../src/io/configuration/config-reader.js';
import { readNetwork } from '../../src/io/configuration/network-reader.js';
import { temporaryFolder } from '../support/disk/folders.js';

const board = 'target: {roc_s0: {Top: {0: {phase_strobe: 0}}}}\n';
const network = 'server: {hostname: localhost}\n';
const calibration = 'target: {roc_s0: {Top: {0: {phase_strobe: 3}}}}\n';
const main = (...settings: string[]) =>
  `procedures: [{name: scan, type: daq, system_settings: {${settings.join(', ')}}}]\n`;

/** The activity as a worker runs it; no other scan owns the folder, so that no server is asked. */
function openScan(input: Omit<ScanInput, 'procedures'>, procedures = ['scan']): Promise<OpenedScan> {
  const client = new Client({ connection: Connection.lazy() });
  const { openScan } = createConfigurationActivities(client);
  const task = { input: { ...input, procedures }, scan: 'scan', firstRunId: 'first' };
  return new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') }).run(() => openScan(task));
}

it('a scan is opened of procedures with names that validate accepts', async () => {
  const folder = temporaryFolder();
  const names = ['messung_ü', 'pedestal run', "100% of it's #1", '測定'];
  const procedures = names.map((name) => ({ name, type: 'daq', system_settings: { default: 'board.yaml' } }));
  const [config, net, output] = ['main.yaml', 'net.yaml', 'output'].map((name) => join(folder, name));
  writeFileSync(config, JSON.stringify({ procedures }));
  writeFileSync(join(folder, 'board.yaml'), board);
  writeFileSync(net, network);
  const opened = await openScan({ config, network: net, output }, names);
  expect(opened.procedures.map(({ name }) => name)).toEqual(names);
  expect(readdirSync(join(output, '.scan')).sort()).toEqual(names.map((name) => `${name}.yaml`).sort());
});

describe('with DATENRAFFINERIE_CONFIG_ROOTS, a worker reads no configuration from elsewhere:', () => {
  let inside: string;
  let outside: string;
  const put = (folder: string, files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  };

  beforeEach(() => {
    [inside, outside] = [temporaryFolder(), temporaryFolder()];
    for (const folder of [inside, outside]) {
      put(folder, { 'main.yaml': main('default: board.yaml'), 'board.yaml': board, 'net.yaml': network });
      put(folder, { 'calibration.yaml': calibration });
    }
    vi.stubEnv('DATENRAFFINERIE_CONFIG_ROOTS', `/no/such/folder:${inside}`);
  });
  afterEach(() => vi.unstubAllEnvs());

  const scan = (files: { config?: string; network?: string; calibration?: string } = {}) => ({
    config: join(inside, 'main.yaml'),
    network: join(inside, 'net.yaml'),
    output: join(inside, 'output'),
    ...files,
  });
  const refusal = { type: 'ConfigError', nonRetryable: true };
  async function refuses(file: string, request: ReturnType<typeof scan>): Promise<void> {
    const text = expect.stringContaining(`${file} is outside the folders that may be read`);
    await expect(openScan(request)).rejects.toMatchObject({ ...refusal, message: text });
    expect(readdirSync(inside)).not.toContain('output'); // bad input leaves no trace
  }

  it('main file', () => {
    const config = join(outside, 'main.yaml');
    return refuses(config, scan({ config }));
  });

  it('network file', () => {
    const file = join(outside, 'net.yaml');
    return refuses(file, scan({ network: file }));
  });

  it('calibration', () => {
    const file = join(outside, 'calibration.yaml');
    return refuses(file, scan({ calibration: file }));
  });

  it.each([
    ['default', (file: string) => main(`default: ${file}`)],
    ['init', (file: string) => main('default: board.yaml', `init: ${file}`)],
  ])('file of a procedure: %s', async (_, mainWith) => {
    put(inside, { 'main.yaml': mainWith(join(outside, 'board.yaml')) });
    await refuses(join(outside, 'board.yaml'), scan());
  });

  it('library', () => {
    put(inside, { 'main.yaml': `libraries: [${outside}/library.yaml]\n` });
    return refuses(join(outside, 'library.yaml'), scan());
  });

  it('file behind a symbolic link, or up and down the tree', async () => {
    symlinkSync(outside, join(inside, 'link'));
    await refuses(join(inside, 'link', 'main.yaml'), scan({ config: join(inside, 'link', 'main.yaml') }));
    put(inside, { 'main.yaml': main(`default: ../${outside.split('/').at(-1)}/board.yaml`) });
    await refuses(join(outside, 'board.yaml'), scan());
  });

  it('file whose folder begins like an allowed one', async () => {
    mkdirSync(`${inside}-2`);
    put(`${inside}-2`, { 'main.yaml': main('default: board.yaml'), 'board.yaml': board });
    await refuses(`${inside}-2/main.yaml`, scan({ config: `${inside}-2/main.yaml` }));
  });

  it('also where there is none: it is not told what is there', () => {
    const config = join(outside, 'none.yaml');
    return refuses(config, scan({ config }));
  });

  it('nor any where the variable names no folder', async () => {
    vi.stubEnv('DATENRAFFINERIE_CONFIG_ROOTS', ':');
    await refuses(join(inside, 'main.yaml'), scan());
  });

  it('with the words of validate', async () => {
    put(inside, { 'main.yaml': main(`default: ${outside}/board.yaml`) });
    const error: unknown = await readConfiguration(join(inside, 'main.yaml')).catch((reason: unknown) => reason);
    await expect(openScan(scan())).rejects.toMatchObject({ ...refusal, message: (error as Error).message });
  });

  it('but what is inside, also through links to the folder and from it', async () => {
    const link = join(temporaryFolder(), 'configurations');
    symlinkSync(inside, link);
    symlinkSync(join(inside, 'board.yaml'), join(inside, 'linked.yaml'));
    put(inside, { 'main.yaml': main('default: linked.yaml') });
    vi.stubEnv('DATENRAFFINERIE_CONFIG_ROOTS', link);
    const all = { calibration: join(link, 'calibration.yaml') };
    expect((await openScan(scan(all))).procedures).toMatchObject([{ name: 'scan', runs: 1 }]);
    expect(await readNetwork(join(link, 'net.yaml'))).toMatchObject({ kind: 'hexaboard' });
  });

  it('network file that the daq worker and the processing worker open for themselves', async () => {
    await expect(readNetwork(join(outside, 'net.yaml'))).rejects.toThrow('outside the folders');
  });
});
