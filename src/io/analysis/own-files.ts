import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { hasCode } from '../files.js';
import { markerName } from '../output/paths.js';
import { SharedModules } from './shared-modules.js';

/** How much an analysis may have as its own: more is somebody's home folder, or data. */
export interface Bounds {
  readonly files: number;
  readonly bytes: number;
}

const usual: Bounds = { files: 10_000, bytes: 2e9 };

/** Caches and installed packages. */
const leftOut = new Set(['__pycache__', 'node_modules']);
/** A folder with one of these inside has something else: an environment of Python, results of ours. */
const foreign = ['pyvenv.cfg', 'conda-meta', markerName];

/**
 * All files that an analysis can read as its own, in a fixed order: whatever lies in the folder that has it, under
 * links too, and the modules beside that folder that are imported from there. Hidden files, caches, installed packages
 * and output folders are not its own.
 * @throws DatenraffinerieError ConfigError where it has more than `bounds`.
 */
export async function ownFiles(folder: string, bounds = usual): Promise<string[]> {
  const own = new OwnFiles(folder, bounds);
  const shared = new SharedModules(folder);
  await own.addFolder(folder, []);
  // files that are added here are gone through in their turn
  for (const file of own.files) for (const path of await shared.importedBy(file)) await own.add(path, []);
  return [...own.files].sort();
}

class OwnFiles {
  readonly files = new Set<string>();
  private bytes = 0;

  constructor(
    private readonly folder: string,
    private readonly bounds: Bounds,
  ) {}

  /** @param around real paths of the folders it is in: a link back to one of them leads nowhere new */
  async addFolder(folder: string, around: readonly string[]): Promise<void> {
    const real = await orNothing(realpath(folder));
    const names = (await orNothing(readdir(folder))) ?? [];
    if (real === undefined || around.includes(real)) return;
    if (folder !== this.folder && foreign.some((name) => names.includes(name))) return;
    for (const name of names.sort()) {
      if (!name.startsWith('.') && !leftOut.has(name)) await this.add(join(folder, name), [...around, real]);
    }
  }

  /** A file or a folder; what is neither (a pipe, a link to nothing) has no content. */
  async add(path: string, around: readonly string[]): Promise<void> {
    const found = await orNothing(stat(path));
    if (found?.isDirectory() === true) await this.addFolder(path, around);
    else if (found?.isFile() === true && !this.files.has(path)) this.addFile(path, found.size);
  }

  private addFile(path: string, bytes: number): void {
    this.files.add(path);
    this.bytes += bytes;
    const { folder, bounds } = this;
    if (this.files.size > bounds.files) throw tooMuch(folder, `${bounds.files} files`, path);
    if (this.bytes > bounds.bytes) {
      throw tooMuch(folder, `${bounds.bytes / 1e6} MB`, `${path} with ${Math.round(bytes / 1e6)} MB`);
    }
  }
}

/** Undefined for what is not there or may not be read. */
async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch((error: unknown) => {
    if (unreadable(error)) return undefined;
    throw error;
  });
}

export function unreadable(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM'].some((code) => hasCode(error, code));
}

function tooMuch(folder: string, limit: string, last: string): DatenraffinerieError {
  const message = `the analyses in ${folder} have more than ${limit} of their own (counted up to ${last})`;
  return new DatenraffinerieError('ConfigError', message, {
    remedy: 'keep analyses in a folder of their own, and name large files that they read in their `parameters`',
  });
}
