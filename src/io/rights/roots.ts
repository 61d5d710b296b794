/**
 * Room: what a worker may do for whoever can start a scan: which folders, whose commands.
 * May use: domain, io.
 */

import { realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';

interface Roots {
  /** Of the environment: folders, separated like PATH; unset or empty: anywhere. */
  readonly variable: string;
  readonly may: string;
}

/** Where the files lie that configurations, networks, calibrations and recorded runs are read from. */
export const configRoots: Roots = { variable: 'DATENRAFFINERIE_CONFIG_ROOTS', may: 'be read' };
/** Where output folders lie. */
export const outputRoots: Roots = { variable: 'DATENRAFFINERIE_OUTPUT_ROOTS', may: 'be written' };

/**
 * Where a path leads when all links are followed, which is what is to be opened then; the path itself where any is
 * allowed. Throws ConfigError where it leads out of the roots.
 * @param shown the path as messages name it
 */
export async function requireWithin({ variable, may }: Roots, path: string, shown = path): Promise<string> {
  const roots = foldersOf(variable);
  if (roots === undefined) return path;
  const real = await realPath(path);
  const allowed = await Promise.all(roots.map(realPath));
  if (allowed.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep))) return real;
  throw new DatenraffinerieError('ConfigError', `${shown} is outside the folders that may ${may}`, {
    remedy: `${variable} allows: ${roots.join(', ') || 'none'}`,
  });
}

function foldersOf(variable: string): readonly string[] | undefined {
  const roots = process.env[variable];
  return roots ? roots.split(delimiter).filter((root) => root !== '') : undefined;
}

/** The real path as far as the path exists: of what is outside, nobody is told whether it is there. */
async function realPath(path: string): Promise<string> {
  const above = dirname(path);
  return realpath(path).catch(async () => (above === path ? path : join(await realPath(above), basename(path))));
}
