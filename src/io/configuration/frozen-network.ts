import { basename, dirname, join, resolve } from 'node:path';
import { frozenNetwork } from '../../domain/config/network/frozen-network.js';
import type { Network } from '../../domain/config/network/network.js';
import { isMap } from '../../domain/config/value.js';
import { formatYaml, parseSource } from '../../domain/config/yaml/yaml.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { FileReference, NetworkReference } from '../../domain/scan/tasks.js';
import { readIfExists, textSha256, writeFileAtomic } from '../files.js';
import { isKnownCopy, rememberCopy } from '../rights/known-copies.js';
import { earlierNetworkPath, isFrozenNetwork, networkPath } from '../output/paths.js';
import { readReferenced } from './frozen-procedure.js';
import { namesCommands, networkOf, readNetwork, readNetworkSource } from './network-reader.js';

/** A stand as a scan's network file says it is. */
export interface ReadNetwork {
  /** The user's own. */
  readonly file: string;
  readonly network: Network;
  /** What is kept of the file in the scan's folder. */
  readonly text: string;
}

/** The user's network file, read and checked; nothing has been written yet. */
export async function readUsersNetwork(file: string): Promise<ReadNetwork> {
  const { network, value } = await readNetworkSource(file);
  return { file, network, text: formatYaml(isMap(value) ? frozenNetwork(value, network) : value) };
}

/** Keeps the network file with the scan; one that an earlier scan or address left is kept beside it. */
export async function freezeNetwork({ text, network, file }: ReadNetwork, output: string): Promise<NetworkReference> {
  const path = networkPath(output);
  const before = await readIfExists(path);
  if (before !== undefined && before !== text) {
    await writeFileAtomic(earlierNetworkPath(output, textSha256(before)), before);
  }
  await writeFileAtomic(path, text);
  const sha256 = textSha256(text);
  if (namesCommands(network)) await rememberCopy(sha256);
  return { path, sha256, original: resolve(file) };
}

/**
 * The stand that is meant by a reference. A scan of 2.0.0 refers to the user's own file, which is taken as it is now; one
 * of today to its frozen copy, which must be the very one, whatever has taken its place since.
 */
export async function loadNetwork(reference: NetworkReference): Promise<Network> {
  if (!isFrozenNetwork(reference.path)) return readNetwork(reference.path);
  const text = (await earlierText(reference)) ?? (await readReferenced(reference));
  const network = networkOf(parseSource(text, reference.path));
  if (namesCommands(network)) await requireKnown(reference);
  return network;
}

/**
 * Commands are run of copies only whose original had the right: as far as this user knows, or as it can still see,
 * since another user or another host may have made the copy.
 */
async function requireKnown({ path, sha256, original }: NetworkReference): Promise<void> {
  if (await isKnownCopy(sha256)) return;
  const text = original === undefined ? '' : (await readUsersNetwork(original)).text;
  if (textSha256(text) === sha256) return rememberCopy(sha256);
  const what = `${path} names a command (slow_readings), which is not run`;
  throw new DatenraffinerieError('ConfigError', `${what}: it is no copy of ${original ?? 'a file that is known'}`, {
    remedy: 'leave the network file as it is while a scan runs, or give it again: resume ID --network FILE',
  });
}

async function earlierText({ path, sha256 }: FileReference): Promise<string | undefined> {
  const text = await readIfExists(join(dirname(path), basename(earlierNetworkPath('', sha256))));
  return text !== undefined && textSha256(text) === sha256 ? text : undefined;
}

/**
 * Puts another network file in the place of a scan's, for an address that was wrong or has changed. Which stand it is
 * cannot change: what was measured and what is still to come would be of two.
 */
export async function replaceNetwork(
  file: string,
  output: string,
  present: NetworkReference,
): Promise<NetworkReference> {
  const read = await readUsersNetwork(file);
  const was = await loadNetwork(present);
  for (const field of ['kind', 'name'] as const) {
    const [before, now] = [was[field], read.network[field]];
    if (before === now) continue;
    const shown = (value: string | undefined): string => (value === undefined ? 'none' : `'${value}'`);
    throw new DatenraffinerieError('ConfigError', `${file}: ${field} is ${shown(now)}, the scan's ${shown(before)}`, {
      remedy: 'a scan stays at its stand; only addresses, timeouts and commands can be replaced while it runs',
    });
  }
  return freezeNetwork(read, output);
}
