/**
 * Room: files that must not be half written, the user's folders, our own version.
 * May use: domain, domain/config.
 */

import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  constants,
  createReadStream,
  fsyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  type Stats,
} from 'node:fs';
import { mkdir, open, rename, rm, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { temporaryEnding } from '../domain/config/name.js';
import { DatenraffinerieError } from '../domain/errors.js';
import { bytesText } from '../domain/quantities.js';

/** Writes a small file so that a crash leaves the old or the new content, never a half: temporary name, fsync, rename. */
export async function writeFileAtomic(path: string, content: string | Uint8Array, mode = 0o666): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryName(path);
  try {
    await writeAndSync(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await removeIfExists(temporary);
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeAndSync(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name beside `path` that no other attempt uses. */
export function temporaryName(path: string, attempt = `${process.pid}-${randomBytes(4).toString('hex')}`): string {
  return `${path}.${attempt}.tmp`;
}

/** Whether a name or path is `temporaryName` of another one, or of just this one. */
export function isTemporary(name: string, of?: string): boolean {
  const [ending] = temporaryEnding.exec(name) ?? [];
  return ending !== undefined && (of === undefined || name === of + ending);
}

/** Makes renames and new names in a folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** `syncFolder` for a thread that may block. */
export function syncFolderNow(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Larger than any text of ours; some texts cannot be held at all. */
const longestText = 128e6;

/** Content of a text file, or undefined where it does not exist. Throws where it is no text file, or far too large. */
export async function readIfExists(path: string): Promise<string | undefined> {
  const file = await openRegular(path);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    if (size > longestText) throw new UnfitFile(`${path} is far too large: ${bytesText(size)}`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

/** The end of a text file, which may be of any size: at most so many bytes; empty where there is none. */
export async function readTail(path: string, bytes: number): Promise<string> {
  const file = await openRegular(path);
  if (file === undefined) return '';
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, bytes));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, size - buffer.length);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** What lies where a file of ours should lie. */
export class UnfitFile extends DatenraffinerieError {
  constructor(message: string) {
    super('StorageError', message, { remedy: 'move it away' });
  }
}

/** A file, open for reading; undefined where there is none. A pipe would block for ever, and a device never end. */
export async function openRegular(path: string): Promise<FileHandle | undefined> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (stat.isFile() || stat.isDirectory()) return file; // of a folder the system says so itself
    await file.close();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw hasCode(error, 'ELOOP') ? new UnfitFile(`the links of ${path} lead in a circle`) : error;
  }
  throw new UnfitFile(`${path} is no regular file`);
}

export async function exists(path: string): Promise<boolean> {
  return (await statIfExists(path)) !== undefined;
}

export async function statIfExists(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function removeIfExists(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** What the system said of a file, a folder or a disk. */
export function isOfSystem(error: unknown): error is Error & { readonly code: unknown; readonly syscall: unknown } {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Hex sha256 of a file, read in blocks. */
export async function fileSha256(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const block of createReadStream(path, { highWaterMark: 1 << 20, ...(signal ? { signal } : {}) })) {
    if (block instanceof Uint8Array) hash.update(block);
  }
  return hash.digest('hex');
}

/** Hex sha256 of a text, or of its bytes. */
export function textSha256(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Moves a file into `folder` under its own name with a number that is still free: nothing is overwritten. */
export async function moveAside(path: string, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let number = 1; ; number++) {
    const target = join(folder, `${basename(path)}.${number}`);
    if (await exists(target)) continue;
    await rename(path, target);
    return target;
  }
}

/** Runs `use` with a new folder in `parent`, which is made too, and removes the new folder afterwards in any case. */
export async function withTemporaryFolder<T>(
  parent: string,
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, prefix));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
