import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createConfigurationActivities } from '../../src/activities/configuration.js';
import type { ScanInput } from '../../src/domain/scan/scan-input.js';
import type { OpenedScan } from '../../src/domain/scan/tasks.js';
import { ApartOpening } from '../../src/io/configuration/open-apart.js';
import { readConfiguration } from '../../src/io/configuration/config-reader.js';
import { readNetwork } from '../../src/io/configuration/network-reader.js';
import { temporaryFolder } from '../support/disk/folders.js';

const board = 'target: {roc_s0: {Top: {0: {phase_strobe: 0}}}}\n';
const network = 'server: {hostname: localhost}\n';
const calibration = 'target: {roc_s0: {Top: {0: {phase_strobe: 3}}}}\n';
const main = (...settings: string[]) =>
  `procedures: [{name: scan, type: daq, system_settings: {${settings.join(', ')}}}]\n`;

/** On which no scan runs. */
const server = { namespaceId: async () => 'n', runs: async () => undefined, leftovers: async () => [] };

/** The activity as a worker runs it. */
function openScan(
  input: Omit<ScanInput, 'procedures'>,
  procedures = ['scan'],
  firstRunId = 'first',
  info: object = {},
): Promise<OpenedScan> {
  const { openScan } = createConfigurationActivities(server);
  const task = { input: { ...input, procedures }, scan: 'scan', firstRunId };
  return new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') }).run(() => openScan(task));
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
  const frozen = readdirSync(join(output, '.scan')).filter((file) => file !== 'network.yaml');
  expect(frozen.sort()).toEqual(names.map((name) => `${name}.yaml`).sort());
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

it('--fresh moves what is ours, and never what lies in another folder', async () => {
  const folder = temporaryFolder();
  const [config, net, output] = ['main.yaml', 'net.yaml', 'home'].map((name) => join(folder, name));
  writeFileSync(config, main('default: board.yaml'));
  writeFileSync(join(folder, 'board.yaml'), board);
  writeFileSync(net, network);
  mkdirSync(join(output, '.ssh'), { recursive: true });
  const fresh = { config, network: net, output, fresh: true };
  await expect(openScan(fresh)).rejects.toMatchObject({
    type: 'ConfigError',
    message: expect.stringContaining('.ssh'),
  });
  expect(readdirSync(output)).toEqual(['.ssh']);
  await openScan({ ...fresh, output: join(folder, 'out') });
  writeFileSync(join(folder, 'out', 'kept'), 'x');
  await openScan({ ...fresh, output: join(folder, 'out') }, ['scan'], 'another');
  expect(readdirSync(join(folder, 'out'))).not.toContain('kept');
});

it.each([
  ['a file', (path: string) => writeFileSync(path, '')],
  ['below a file', (path: string) => writeFileSync(join(path, '..'), '')],
  ['a dangling link', (path: string) => symlinkSync('/nonexistent/x', path)],
])('an output that is %s is refused at once', async (_, make) => {
  const folder = temporaryFolder();
  const config = join(folder, 'main.yaml');
  writeFileSync(config, main('default: board.yaml'));
  writeFileSync(join(folder, 'board.yaml'), board);
  writeFileSync(join(folder, 'net.yaml'), network);
  const above = join(folder, 'above');
  if (_ !== 'below a file') mkdirSync(above);
  make(join(above, 'out'));
  const opening = openScan({ config, network: join(folder, 'net.yaml'), output: join(above, 'out') });
  await expect(opening).rejects.toMatchObject({ type: 'StorageError', nonRetryable: true });
});

describe('what a configuration costs', () => {
  /** A scan of 400 procedures with a file of 2,000 registers each. */
  function dear(): ScanInput {
    const folder = temporaryFolder();
    const names = Array.from({ length: 400 }, (_, n) => `p${n}`);
    const registers = Array.from({ length: 2000 }, (_, n) => `      r${n}: ${n}`).join('\n');
    writeFileSync(join(folder, 'board.yaml'), `target:\n  roc_s0:\n    ch:\n${registers}\n`);
    const procedures = names.map((name) => ({ name, type: 'daq', system_settings: { default: 'board.yaml' } }));
    writeFileSync(join(folder, 'main.yaml'), JSON.stringify({ procedures }));
    writeFileSync(join(folder, 'net.yaml'), network);
    const [config, net, output] = ['main.yaml', 'net.yaml', 'output'].map((name) => join(folder, name));
    return { config, network: net, output, procedures: names };
  }

  it.each([
    [{ seconds: 0.05, mebibytes: 1000 }, 'takes more than 0.05 s'],
    [{ seconds: 100, mebibytes: 12 }, 'takes more than 12 MiB of memory'],
  ])('%j: it is refused, and this process goes on', async (limits, message) => {
    const opening = new ApartOpening(dear(), new AbortController().signal, limits);
    await expect(opening.read()).rejects.toMatchObject({
      type: 'ConfigError',
      message: expect.stringContaining(message),
    });
    await opening.close();
  });

  it('one that has ended its worker twice does not end a third', async () => {
    const input = { ...dear(), procedures: undefined };
    const before = (deaths: number, ended: boolean) => ({ attempt: 3, heartbeatDetails: { deaths, ended } });
    await expect(openScan(input, ['p0'], 'first', before(1, false))).rejects.toMatchObject({
      type: 'ConfigError',
      nonRetryable: true,
      message: expect.stringContaining('has ended its worker twice'),
    });
    expect((await openScan(input, ['p0'], 'first', before(1, true))).procedures).toHaveLength(1);
    expect((await openScan(input, ['p0'], 'first', before(0, false))).procedures).toHaveLength(1);
  });
});
