import { open, type FileHandle } from 'node:fs/promises';
import type { RawSink } from '../../domain/daq/stand.js';
import { removeIfExists } from '../files.js';
import { cannotWrite } from '../storage-error.js';

/** Bytes of a run that are held in memory at most: most runs are shorter, and need the disk only once, at their end. */
const heldBytes = 1 << 18;

/** Takes the bytes of one run, under a temporary name where they are too many to be held. */
export class RawSpool implements RawSink {
  private readonly held: Buffer[] = [];
  private length = 0;
  private file: FileHandle | undefined;

  /** @param temporary absolute name that no other attempt uses */
  constructor(readonly temporary: string) {}

  async write(bytes: Uint8Array): Promise<void> {
    this.length += bytes.length;
    if (this.length <= heldBytes) {
      this.held.push(Buffer.from(bytes)); // a copy: the caller may use its buffer again
      return;
    }
    try {
      this.file ??= await open(this.temporary, 'wx');
      for (const piece of this.held.splice(0)) await writeAll(this.file, piece);
      await writeAll(this.file, bytes);
    } catch (cause) {
      throw cannotWrite(this.temporary, cause);
    }
  }

  /** Ends the writing. @returns all bytes where they are in memory; undefined where they are in the file */
  async close(): Promise<Uint8Array | undefined> {
    await this.file?.close();
    return this.file === undefined ? Buffer.concat(this.held) : undefined;
  }

  /** Leaves nothing behind. */
  async discard(): Promise<void> {
    await this.file?.close();
    if (this.file !== undefined) await removeIfExists(this.temporary);
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
}
