import { accessSync, constants, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { describeHolder, takeProcessLock } from '../processes/process-lock.js';
import { buildTemporalCli } from './cli-build.js';
import { downloadTemporalCli } from './cli-download.js';
import type { FindOptions, Source } from './cli-source.js';
import { checkTemporalCli, minimumGo, minimumVersion, pinnedVersion } from './cli-version.js';
import { withTemporaryFolder } from '../files.js';
import { cacheFolder } from '../user.js';

const partial = 'temporal-partial-';
const override = 'DATENRAFFINERIE_TEMPORAL_CLI';

/**
 * The path of a usable Temporal CLI (server, Web UI and client in one binary): the one that the environment names, else
 * `temporal` on PATH, else ours in the user's cache, else downloaded, else built with Go.
 * Throws `ConfigError` where the environment names an unusable one, `ServerError` where there is none to be had.
 */
export async function findTemporalCli(options: FindOptions, sources = defaultSources): Promise<string> {
  const environment = options.environment ?? process.env;
  const named = environment[override];
  if (named !== undefined && named !== '') return checkNamed(named, options);
  const onPath = findOnPath(environment['PATH'] ?? '');
  if (onPath !== undefined) {
    const check = await checkTemporalCli(onPath, options.signal);
    if (check.usable) {
      if (check.note !== undefined) options.log(`${onPath}: ${check.note}`);
      return onPath;
    }
    options.log(`${onPath} is not used: ${check.reason}`);
  }
  const cached = cachedPath(environment);
  return (await isUsable(cached, options)) ? cached : install(cached, options, sources);
}

/** The same without getting any: version and path of the one that would be taken; undefined where there is none. */
export async function temporalCliHere(environment: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const candidates = [environment[override], findOnPath(environment['PATH'] ?? ''), cachedPath(environment)];
  for (const path of candidates) {
    if (!path) continue;
    const check = await checkTemporalCli(path);
    if (check.usable) return `${check.version} (${path})`;
  }
  return undefined;
}

const defaultSources: readonly Source[] = [downloadTemporalCli, buildTemporalCli];

async function checkNamed(path: string, options: FindOptions): Promise<string> {
  const check = await checkTemporalCli(path, options.signal);
  if (check.usable) return path;
  throw new DatenraffinerieError('ConfigError', `${override} names '${path}', which cannot be used: ${check.reason}`, {
    remedy: `let it name a Temporal CLI of version ${minimumVersion} or later, or unset it`,
  });
}

/** Where our own lies; nothing else is ever put under this name than a checked, complete binary. */
function cachedPath(environment: NodeJS.ProcessEnv): string {
  return join(cacheFolder(environment), `temporal-${pinnedVersion}`, 'temporal');
}

async function isUsable(path: string, options: FindOptions): Promise<boolean> {
  return (await checkTemporalCli(path, options.signal)).usable;
}

/** Tries the sources one after the other, one process at a time; what works is moved into its place by one rename. */
async function install(target: string, options: FindOptions, sources: readonly Source[]): Promise<string> {
  const cache = cacheFolder(options.environment ?? process.env);
  const waiting = (holder: number | undefined): void =>
    options.log(`${describeHolder(holder)} is getting the Temporal CLI: waiting for it`);
  const lock = await takeProcessLock(join(cache, 'temporal.lock'), waiting, options.signal);
  try {
    if (await isUsable(target, options)) return target;
    removeLeftOvers(cache);
    const reasons: string[] = [];
    for (const source of sources) {
      const made = await withTemporaryFolder(cache, partial, (folder) => tryOne(source, folder, target, options));
      if (made === undefined) return target;
      options.signal?.throwIfAborted();
      options.log(made);
      reasons.push(made);
    }
    throw noneFound(reasons);
  } finally {
    lock.release();
  }
}

/** What processes that were killed have left behind; called with the lock held. */
function removeLeftOvers(cache: string): void {
  for (const name of readdirSync(cache)) {
    if (name.startsWith(partial)) rmSync(join(cache, name), { recursive: true, force: true });
  }
}

async function tryOne(
  source: Source,
  folder: string,
  target: string,
  options: FindOptions,
): Promise<string | undefined> {
  const made = await source(folder, options);
  if ('reason' in made) return made.reason;
  const check = await checkTemporalCli(made.path, options.signal);
  if (!check.usable) return `what came is not a usable Temporal CLI: ${check.reason}`;
  mkdirSync(join(target, '..'), { recursive: true });
  renameSync(made.path, target);
  options.log(`Temporal CLI ${check.version}: ${target}`);
  return undefined;
}

function noneFound(reasons: readonly string[]): DatenraffinerieError {
  return new DatenraffinerieError('ServerError', `no Temporal CLI could be found or made here: ${reasons.join('; ')}`, {
    remedy:
      `install it (https://docs.temporal.io/cli, version ${minimumVersion} or later) and put it on PATH, ` +
      `or name it in ${override}, or install Go ${minimumGo} or later and run again, ` +
      'or use a running server: set TEMPORAL_ADDRESS',
  });
}

function findOnPath(path: string): string | undefined {
  const candidates = path.split(delimiter).filter((folder) => folder !== '');
  return candidates.map((folder) => join(folder, 'temporal')).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
