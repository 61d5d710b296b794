import { constants, open, realpath } from 'node:fs/promises';
import { basename, delimiter, dirname, join, sep } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { bytesText } from '../../domain/quantities.js';

/** A configuration of three chips has some 200 kB; files beyond this are none. */
const maxFileBytes = 16 * 1024 * 1024;

/**
 * Bytes of a file that a user named; every reader of such files, on the user's side and on the workers', comes through
 * here. Refuses folders, devices, files that are too large, and what lies outside of DATENRAFFINERIE_CONFIG_ROOTS.
 */
export async function readConfigFile(path: string, shown: string): Promise<Buffer> {
  try {
    const roots = configRoots();
    const allowed = roots === undefined ? path : await pathWithin(roots, path, shown);
    const handle = await open(allowed, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe must not block
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is no regular file`);
      if (stat.size > maxFileBytes) {
        const size = bytesText(stat.size);
        throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: ${size} are too much for a configuration`);
      }
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof DatenraffinerieError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: ${reasons[code] ?? code}`, {
      remedy: `looked for ${path}`,
      cause: error,
    });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'no permission to read it',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long',
  ERR_INVALID_ARG_VALUE: 'no valid file name',
};

const variable = 'DATENRAFFINERIE_CONFIG_ROOTS';

/** Folders that configurations may lie in, separated like PATH; unset or empty: anywhere. */
function configRoots(): readonly string[] | undefined {
  const roots = process.env[variable];
  return roots ? roots.split(delimiter).filter((root) => root !== '') : undefined;
}

/** Where the path leads when all links are followed, which is what is opened. Throws where that is in none of the roots. */
async function pathWithin(roots: readonly string[], path: string, shown: string): Promise<string> {
  const real = await realPath(path);
  const allowed = await Promise.all(roots.map(realPath));
  if (allowed.some((root) => real === root || real.startsWith(root.endsWith(sep) ? root : root + sep))) return real;
  throw new DatenraffinerieError('ConfigError', `${shown} is outside the folders that may be read`, {
    remedy: `${variable} allows: ${roots.join(', ') || 'none'}`,
  });
}

/** The real path as far as the path exists: of what is outside, nobody is told whether it is there. */
async function realPath(path: string): Promise<string> {
  const above = dirname(path);
  return realpath(path).catch(async () => (above === path ? path : join(await realPath(above), basename(path))));
}
