import { randomBytes } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunRecord } from './table-metadata.js';

/** Characters kept in memory before they go to disk: some thousand runs. */
const memoryLimit = 1 << 20;

/**
 * Keeps the records of all runs until the table's rows are complete and the longest patch is known, in little memory:
 * what exceeds a megabyte goes to an unnamed temporary file, which vanishes with the process.
 */
export class RunsSpool {
  #lines: string[] = [];
  #size = 0;
  #file: FileHandle | undefined;
  #patchBytes = 0;
  #count = 0;

  /** Bytes of the longest patch so far. */
  get patchBytes(): number {
    return this.#patchBytes;
  }

  get count(): number {
    return this.#count;
  }

  async add(record: RunRecord): Promise<void> {
    const line = JSON.stringify(record);
    this.#lines.push(line);
    this.#size += line.length;
    this.#count++;
    this.#patchBytes = Math.max(this.#patchBytes, Buffer.byteLength(record.patch));
    if (this.#size > memoryLimit) await this.#spill();
  }

  /** All records in the order in which they came; once. */
  async *records(): AsyncGenerator<RunRecord> {
    if (this.#file !== undefined) {
      await this.#spill();
      const stream = this.#file.createReadStream({ start: 0, autoClose: false, encoding: 'utf8' });
      for await (const line of createInterface({ input: stream })) yield parse(line);
    }
    for (const line of this.#lines) yield parse(line);
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #spill(): Promise<void> {
    this.#file ??= await openUnnamed();
    const text = this.#lines.map((line) => `${line}\n`).join('');
    this.#lines = [];
    this.#size = 0;
    await this.#file.appendFile(text);
  }
}

/** Our own line, written by `add` a moment ago. */
function parse(line: string): RunRecord {
  const record: RunRecord = JSON.parse(line);
  return record;
}

async function openUnnamed(): Promise<FileHandle> {
  const path = join(tmpdir(), `datenraffinerie-runs-${randomBytes(6).toString('hex')}`);
  const file = await open(path, 'wx+');
  await unlink(path);
  return file;
}
