import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { bytesText } from '../../domain/quantities.js';
import { configRoots, requireWithin } from '../rights/roots.js';

/** A configuration of three chips has some 200 kB; files beyond this are none. */
const maxFileBytes = 16 * 1024 * 1024;

export interface ReadFile {
  readonly bytes: Buffer;
  /** Of the very file that was read. */
  readonly stat: Stats;
}

/**
 * Bytes of a file that a user named; every reader of such files, on the user's side and on the workers', comes through
 * here. Refuses folders, devices, files that are too large, and what lies outside of DATENRAFFINERIE_CONFIG_ROOTS.
 */
export async function readConfigFile(path: string, shown: string): Promise<ReadFile> {
  try {
    const allowed = await requireWithin(configRoots, path, shown);
    const handle = await open(allowed, constants.O_RDONLY | constants.O_NONBLOCK); // a pipe must not block
    try {
      const stat = await handle.stat();
      if (!stat.isFile()) throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is no regular file`);
      if (stat.size > maxFileBytes) {
        const size = bytesText(stat.size);
        throw new DatenraffinerieError('ConfigError', `cannot read ${shown}: ${size} are too much for a configuration`);
      }
      return { bytes: await handle.readFile(), stat };
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
