import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseNetwork, type Network } from '../../domain/config/network/network.js';
import type { ConfigValue } from '../../domain/config/value.js';
import type { Source } from '../../domain/config/yaml/source.js';
import { ConfigError, DatenraffinerieError, type Problem } from '../../domain/errors.js';
import { howToTrust, whyNoCommands } from '../rights/commanders.js';
import { readOwnedSource } from './config-reader.js';

/**
 * Reads a network file: how a test stand is reached. Throws ConfigError with all errors at once, and where it names
 * commands that it may not have run.
 */
export async function readNetwork(file: string): Promise<Network> {
  return (await readNetworkSource(file)).network;
}

/** The same, and the value of the file as it was written. */
export async function readNetworkSource(file: string): Promise<{ network: Network; value: ConfigValue }> {
  const { source, stat } = await readOwnedSource(file);
  const network = networkOf(source);
  if (namesCommands(network)) await requireCommander(file, stat);
  return { network, value: source.value };
}

/** @param source of a network file; its paths are relative to it */
export function networkOf(source: Source): Network {
  const problems: Problem[] = [];
  const network = parseNetwork(source, problems, (path) => resolve(dirname(source.file), path));
  if (network === undefined || problems.length > 0) throw new ConfigError(problems);
  return network;
}

/** Whether whoever wrote it has something run on the computer of the stand. */
export function namesCommands({ slowReadings }: Network): boolean {
  return slowReadings !== undefined;
}

async function requireCommander(file: string, stat: Stats | undefined): Promise<void> {
  const why = stat === undefined ? 'its owner is not known' : await whyNoCommands(stat);
  if (why === undefined) return;
  throw new DatenraffinerieError('ConfigError', `${file} names a command (slow_readings), which is not run: ${why}`, {
    remedy: howToTrust(file),
  });
}
