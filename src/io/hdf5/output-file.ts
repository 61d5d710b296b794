/**
 * Room: HDF5, written as the same bytes for the same rows, and read column by column.
 * May use: domain, domain/config, domain/table, io.
 */

import { createHash } from 'node:crypto';
import { open, readdir, rename, rm, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isTemporary, syncFolder, temporaryName } from '../files.js';
import { cannotWrite } from '../storage-error.js';

/** Bytes that are gathered before they go to the file: few system calls, however small the pieces. */
const gatheredBytes = 1 << 20;

/**
 * A file that is written from front to back under a temporary name and gets its own only when it is whole and on disk:
 * whatever dies before leaves nothing under the final name. Its beginning may be kept free and filled in last. Calls
 * must not overlap.
 */
export class OutputFile {
  #length = 0;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;

  private constructor(
    readonly path: string,
    private readonly temporary: string,
    private readonly handle: FileHandle,
  ) {}

  /** Opens the temporary file beside `path`, and removes those that dead attempts at the same path left. */
  static async create(path: string): Promise<OutputFile> {
    try {
      await removeLeftovers(path);
      const temporary = temporaryName(join(dirname(path), `.${basename(path)}`));
      return new OutputFile(path, temporary, await open(temporary, 'wx+'));
    } catch (cause) {
      throw cannotWrite(path, cause);
    }
  }

  /** Where the next bytes will stand. */
  get length(): number {
    return this.#length;
  }

  /** Appends bytes, which must stay as they are from now on, and returns their address. */
  async append(bytes: Uint8Array): Promise<number> {
    const address = this.#length;
    this.#gather(bytes);
    if (this.#gatheredBytes >= gatheredBytes) await this.#flush();
    return address;
  }

  /** Keeps the first `count` bytes free (a hole on disk, which reads as zeros); before anything is appended. */
  skip(count: number): void {
    if (this.#length > 0) throw new Error(`${this.path}: only its beginning may be kept free`);
    this.#length = count;
  }

  /** Goes on at the next multiple of 8, where HDF5 likes its structures. */
  align(): void {
    this.#gather(new Uint8Array((8 - (this.#length % 8)) % 8));
  }

  /** Fills in bytes of the beginning that was kept free. */
  async writeAt(address: number, bytes: Uint8Array): Promise<void> {
    await this.#storing(async () => {
      for (let done = 0; done < bytes.length;) {
        const { bytesWritten } = await this.handle.write(bytes, done, bytes.length - done, address + done);
        done += bytesWritten;
      }
    });
  }

  /** Syncs and renames: from now on the file exists. An older one of that name is replaced at once. */
  async finish(): Promise<void> {
    await this.#finishWhile(async () => undefined);
  }

  /** The same, and resolves to the sha256 of the whole file, hex; read back, because the first bytes come last. */
  async finishHashed(): Promise<string> {
    return this.#finishWhile(() => hash(this.handle, this.#length));
  }

  /** Closes and removes the temporary file. */
  async discard(): Promise<void> {
    await this.handle.close().catch(() => undefined); // closed already where `finish` failed half-way
    await rm(this.temporary, { force: true });
  }

  /** Finishes the file; it is read by `act` while the disk syncs. */
  async #finishWhile<T>(act: () => Promise<T>): Promise<T> {
    await this.#flush();
    return this.#storing(async () => {
      const [result] = await Promise.all([act(), this.handle.sync()]);
      await this.handle.close();
      await rename(this.temporary, this.path);
      await syncFolder(dirname(this.path));
      return result;
    });
  }

  #gather(bytes: Uint8Array): void {
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
    this.#length += bytes.length;
  }

  async #flush(): Promise<void> {
    const bytes = Buffer.concat(this.#gathered, this.#gatheredBytes);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    await this.writeAt(this.#length - bytes.length, bytes);
  }

  async #storing<T>(act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (cause) {
      throw cannotWrite(this.path, cause);
    }
  }
}

async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    if (isTemporary(name, `.${basename(path)}`)) await rm(join(dirname(path), name), { force: true });
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
