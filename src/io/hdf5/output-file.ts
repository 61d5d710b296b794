import { createHash, randomBytes } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';

/**
 * A file that is written from front to back under a temporary name and gets its own only when it is whole and on disk:
 * whatever dies before leaves nothing under the final name. Space may be kept free and filled in later.
 */
export class OutputFile {
  #length = 0;

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  /** Opens the temporary file beside `path`, and removes those that dead attempts at the same path left. */
  static async create(path: string): Promise<OutputFile> {
    try {
      await removeLeftovers(path);
      const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`);
      return new OutputFile(path, temporary, await open(temporary, 'wx+'));
    } catch (cause) {
      throw storageError(path, cause);
    }
  }

  /** Where the next bytes will stand. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes and returns their address. */
  async append(bytes: Uint8Array): Promise<number> {
    const address = this.#length;
    this.#length += bytes.length;
    await this.writeAt(address, bytes);
    return address;
  }

  /** Keeps `count` bytes free (a hole on disk, which reads as zeros). */
  skip(count: number): void {
    this.#length += count;
  }

  /** Goes on at the next multiple of 8, where HDF5 likes its structures. */
  align(): void {
    this.skip((8 - (this.#length % 8)) % 8);
  }

  async writeAt(address: number, bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, address + done);
        done += bytesWritten;
      }
    } catch (cause) {
      throw storageError(this.path, cause);
    }
  }

  /** Of all that is written so far, hex; read back, because the first bytes are written last. */
  async sha256(): Promise<string> {
    try {
      return await hash(this.handle, this.#length);
    } catch (cause) {
      throw storageError(this.path, cause);
    }
  }

  /** Syncs and renames: from now on the file exists. An older one of that name is replaced at once. */
  async finish(): Promise<void> {
    try {
      await this.handle.sync();
      await this.handle.close();
      await rename(this.temporary, this.path);
      await syncFolder(dirname(this.path));
    } catch (cause) {
      throw storageError(this.path, cause);
    }
  }

  /** Closes and removes the temporary file. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already where `finish` failed half-way
    await rm(this.temporary, { force: true });
  }
}

async function removeLeftovers(path: string): Promise<void> {
  const name = basename(path);
  const pattern = /^\.[0-9a-f]{12}\.tmp$/;
  for (const entry of await readdir(dirname(path))) {
    if (entry.startsWith(`.${name}`) && pattern.test(entry.slice(name.length + 1))) {
      await rm(join(dirname(path), entry), { force: true });
    }
  }
}

async function hash(handle: FileHandle, length: number): Promise<string> {
  const sha256 = createHash('sha256');
  const block = Buffer.allocUnsafe(1 << 20);
  for (let at = 0; at < length;) {
    const { bytesRead } = await handle.read(block, 0, Math.min(block.length, length - at), at);
    if (bytesRead === 0) throw new Error(`file ends at ${at} of ${length} bytes`);
    sha256.update(block.subarray(0, bytesRead));
    at += bytesRead;
  }
  return sha256.digest('hex');
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function storageError(path: string, cause: unknown): DatenraffinerieError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new DatenraffinerieError('StorageError', `${path}: cannot be written: ${reason}`, {
    remedy: 'check that the folder exists, may be written to and has space left',
    cause,
  });
}
