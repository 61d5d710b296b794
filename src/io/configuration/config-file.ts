import { constants, type Stats } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { dirname, join, parse } from 'node:path';
import { nearest } from '../../domain/config/nearest.js';
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
      if (!stat.isFile()) throw await noFile(path, shown, stat);
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
      remedy: (await otherName(path)) ?? `looked for ${path}`,
      cause: error,
    });
  }
}

async function noFile(path: string, shown: string, stat: Stats): Promise<DatenraffinerieError> {
  const what = stat.isDirectory() ? 'a folder' : 'no regular file';
  const files = stat.isDirectory() ? await yamlFilesIn(path) : [];
  const remedy = files.length === 0 ? {} : { remedy: `name a file in it: ${files.slice(0, 6).join(', ')}` };
  return new DatenraffinerieError('ConfigError', `cannot read ${shown}: it is ${what}`, remedy);
}

/** A file beside it whose name is nearly the same. */
async function otherName(path: string): Promise<string | undefined> {
  const files = new Map((await yamlFilesIn(dirname(path))).map((file) => [parse(file).name, file]));
  const match = files.get(nearest(parse(path).name, files.keys()) ?? '');
  return match === undefined ? undefined : `did you mean '${join(dirname(path), match)}'?`;
}

/** None of a folder that may not be read. */
async function yamlFilesIn(folder: string): Promise<string[]> {
  const listed = requireWithin(configRoots, folder).then((allowed) => readdir(allowed));
  const names = await listed.catch((): string[] => []);
  return names.filter((name) => /\.ya?ml$/.test(name)).sort();
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
