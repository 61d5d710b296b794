import { dirname, resolve } from 'node:path';
import { parseNetwork, type Network } from '../../domain/config/network/network.js';
import { ConfigError, type Problem } from '../../domain/errors.js';
import { readSource } from './config-reader.js';

/** Reads a network file: how a test stand is reached. Throws ConfigError with all errors at once. */
export async function readNetwork(file: string): Promise<Network> {
  const source = await readSource(file);
  const problems: Problem[] = [];
  const network = parseNetwork(source, problems, (path) => resolve(dirname(file), path));
  if (network === undefined || problems.length > 0) throw new ConfigError(problems);
  return network;
}
