import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTemporalCli } from '../../../src/io/temporal/cli.js';
import type { Source } from '../../../src/io/temporal/cli-source.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';

/** A program that answers `--version` like the CLI of this version. */
function fakeCli(path: string, version: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho "temporal version ${version} (Server 1.29.1, UI 2.42.1)"\n`);
  chmodSync(path, 0o755);
  return path;
}

function makes(version: string): Source {
  return (folder) => Promise.resolve({ path: fakeCli(join(folder, 'made'), version) });
}

const fails: Source = () => Promise.resolve({ reason: 'the network is down' });

function setting(environment: NodeJS.ProcessEnv = {}) {
  const cache = temporaryFolder();
  const lines: string[] = [];
  const log = (text: string): void => void lines.push(text);
  return { lines, cache, options: { log, environment: { XDG_CACHE_HOME: cache, PATH: '', ...environment } } };
}

const cached = (cache: string): string => join(cache, 'datenraffinerie', 'temporal-1.5.1', 'temporal');

describe('findTemporalCli', () => {
  it('takes the one that the environment names', async () => {
    const path = fakeCli(join(temporaryFolder(), 'my-temporal'), '1.6.0');
    const { options } = setting({ DATENRAFFINERIE_TEMPORAL_CLI: path });
    expect(await findTemporalCli(options, [fails])).toBe(path);
  });

  it('refuses an unusable one that the environment names, and looks no further', async () => {
    const { options } = setting({ DATENRAFFINERIE_TEMPORAL_CLI: '/nonexistent/temporal' });
    await expect(findTemporalCli(options, [makes('1.5.1')])).rejects.toMatchObject({
      type: 'ConfigError',
      message: expect.stringContaining("'/nonexistent/temporal', which cannot be used: there is no such file"),
    });
  });

  it('takes the one on PATH before the cached one', async () => {
    const folder = temporaryFolder();
    const path = fakeCli(join(folder, 'temporal'), '1.5.0');
    const { options, cache } = setting({ PATH: folder });
    fakeCli(cached(cache), '1.5.1');
    expect(await findTemporalCli(options, [fails])).toBe(path);
  });

  it('passes over an old one on PATH and says so', async () => {
    const folder = temporaryFolder();
    const path = fakeCli(join(folder, 'temporal'), '1.1.0');
    const { options, cache, lines } = setting({ PATH: folder });
    fakeCli(cached(cache), '1.5.1');
    expect(await findTemporalCli(options, [fails])).toBe(cached(cache));
    expect(lines).toEqual([`${path} is not used: it is version 1.1.0, at least 1.5.0 is needed`]);
  });

  it('tries the sources in order and moves what works into the cache, leaving nothing else', async () => {
    const { options, cache, lines } = setting();
    expect(await findTemporalCli(options, [fails, makes('1.5.1')])).toBe(cached(cache));
    expect(lines[0]).toBe('the network is down');
    expect(readdirSync(join(cache, 'datenraffinerie'))).toEqual(['temporal-1.5.1']);
  });

  it('never takes a half-finished one', async () => {
    const { options, cache } = setting();
    const half: Source = (folder) => {
      writeFileSync(join(folder, 'made'), 'half of a binary', { mode: 0o755 });
      return Promise.resolve({ path: join(folder, 'made') });
    };
    await expect(findTemporalCli(options, [half])).rejects.toMatchObject({
      type: 'ServerError',
      message: expect.stringContaining('what came is not a usable Temporal CLI'),
      remedy: expect.stringContaining('TEMPORAL_ADDRESS'),
    });
    expect(existsSync(cached(cache))).toBe(false);
  });

  it('asks for the versions that README names, where there is none to be had', async () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, go, cli] =
      /\[Go\]\(\S+\) (\d\.\d+) or later, or the \[Temporal CLI\]\(\S+\) (\d\.\d+) or later/.exec(readme) ?? [];
    await expect(findTemporalCli(setting().options, [fails])).rejects.toMatchObject({
      remedy: expect.stringMatching(`version ${cli}\\.0 or later.*install Go ${go} or later`),
    });
  });

  it('removes what an earlier, killed attempt has left', async () => {
    const { options, cache } = setting();
    mkdirSync(join(cache, 'datenraffinerie', 'temporal-partial-old'), { recursive: true });
    await findTemporalCli(options, [makes('1.5.1')]);
    expect(readdirSync(join(cache, 'datenraffinerie'))).toEqual(['temporal-1.5.1']);
  });

  it('makes it once where two look for it at the same time', async () => {
    const { options } = setting();
    let made = 0;
    const counting: Source = (folder, given) => {
      made++;
      return makes('1.5.1')(folder, given);
    };
    const [first, second] = await Promise.all([
      findTemporalCli(options, [counting]),
      findTemporalCli(options, [counting]),
    ]);
    expect(first).toBe(second);
    expect(made).toBe(1);
  });
});
