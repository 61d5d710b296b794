import { fdatasyncSync, writeSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { parseJson } from '../checked-json.js';
import { openRegular } from '../files.js';
import { LineIndex } from './line-index.js';
import { manifestName } from './paths.js';

/** Bytes; with slow readings a line has some kB. */
const longestLine = 1 << 20;
/** Of one manifest. */
const warningsKept = 20;
/** More than any plan has. */
const runsAtMost = 1e9;

/** Bytes: some eighty lines. */
const readAhead = 1 << 15;

/** Lines as read from the file, beginning at byte `start`. */
interface Block {
  readonly start: number;
  readonly bytes: Buffer;
}

const lineSchema = z.object({
  run: z.number().int().nonnegative().max(runsAtMost),
  key: z.string(),
  file: z.string().regex(/^raw\/[^/\0]+$/), // nothing outside of the folder
  bytes: z.number(),
  sha256: z.string(),
  mtimeMs: z.number(),
  events: z.number(),
  truncatedBytes: z.number(),
  corruptHalves: z.number(),
  attempt: z.number(),
  start: z.string(),
  end: z.string(),
  board: z.string().optional(),
  stand: z.string().optional(),
  address: z.string().optional(),
  short: z.boolean().optional(),
  readings: z.record(z.string(), z.number()).optional(),
});

/**
 * Where the last line of every run stands in a `manifest.jsonl`; lines themselves are read when asked for, so that
 * memory is 12 bytes a run. The last line of a run wins; a last line without its line feed is torn and does not count.
 */
export class Manifest {
  readonly warnings: string[] = [];
  private readonly path: string;
  private file: FileHandle | undefined;
  private last: Block = { start: 0, bytes: Buffer.alloc(0) };
  private readonly index = new LineIndex();
  private end = 0;
  private lineNumber = 0;
  /** Within a line that is far too long. */
  private skipping = false;

  private constructor(readonly folder: string) {
    this.path = join(folder, manifestName);
  }

  static async open(folder: string): Promise<Manifest> {
    const manifest = new Manifest(folder);
    try {
      await manifest.refresh();
      return manifest;
    } catch (error) {
      await manifest.close();
      throw error;
    }
  }

  /** Number of different runs that have a line. */
  get runs(): number {
    return this.index.count;
  }

  has(run: number): boolean {
    return this.index.get(run) !== undefined;
  }

  /** The runs that have a line, in order. */
  numbers(): Iterable<number> {
    return this.index.runs();
  }

  /** Reads what was appended since the last time. */
  async refresh(): Promise<void> {
    this.file ??= await openRegular(this.path);
    if (this.file === undefined) return;
    const buffer = Buffer.allocUnsafe(1 << 18);
    let carry = Buffer.alloc(0);
    for (;;) {
      const { bytesRead } = await this.file.read(buffer, 0, buffer.length, this.end + carry.length);
      if (bytesRead === 0) break;
      carry = this.takeLines(Buffer.concat([carry, buffer.subarray(0, bytesRead)]));
      if (carry.length > longestLine) carry = this.skip(carry);
    }
  }

  /** The line of a run, or undefined where it has none. */
  async line(run: number): Promise<ManifestLine | undefined> {
    const place = this.index.get(run);
    if (place === undefined || this.file === undefined) return undefined;
    const { offset, length } = place;
    const { last } = this;
    const held = offset >= last.start && offset + length <= last.start + last.bytes.length;
    const { start, bytes } = held ? last : await this.readFrom(this.file, offset, length);
    return parseLine(bytes.toString('utf8', offset - start, offset - start + length));
  }

  /** Some more than the line: the next run's mostly follows. Whole lines never change. */
  private async readFrom(file: FileHandle, start: number, length: number): Promise<Block> {
    const bytes = Buffer.allocUnsafe(Math.max(length, Math.min(readAhead, this.end - start)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, start);
    return (this.last = { start, bytes: bytes.subarray(0, bytesRead) });
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
  }

  /** Notes every whole line in `bytes`, which begin at `this.end`; gives back the rest. */
  private takeLines(bytes: Buffer): Buffer<ArrayBuffer> {
    let start = 0;
    for (let feed = bytes.indexOf(10); feed >= 0; feed = bytes.indexOf(10, start)) {
      this.lineNumber++;
      this.note(bytes.subarray(start, feed), this.end + start);
      start = feed + 1;
    }
    this.end += start;
    return Buffer.from(bytes.subarray(start));
  }

  /** Such a line is none of ours: it is passed over without being held. */
  private skip(bytes: Buffer): Buffer<ArrayBuffer> {
    this.end += bytes.length;
    this.skipping = true;
    return Buffer.alloc(0);
  }

  private note(line: Buffer, offset: number): void {
    const run = this.skipping ? undefined : parseLine(line.toString('utf8'))?.run;
    this.skipping = false;
    if (run === undefined) {
      if (this.warnings.length < warningsKept)
        this.warnings.push(`${this.path}:${this.lineNumber}: unreadable line left out`);
      return;
    }
    this.index.set(run, offset, line.length);
  }
}

/** Appends lines to a manifest, each on disk when `append` returns (it blocks); cuts off a torn last line first. */
export class ManifestWriter {
  private constructor(private readonly file: FileHandle) {}

  /** @returns the writer and, where a torn last line was cut off, a warning */
  static async open(folder: string): Promise<{ writer: ManifestWriter; warning: string | undefined }> {
    const path = join(folder, manifestName);
    const file = await open(path, 'a+');
    try {
      const torn = await cutOffTorn(file);
      const warning = torn > 0 ? `${path}: cut off ${torn} bytes of a last line that was never finished` : undefined;
      return { writer: new ManifestWriter(file), warning };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  append(line: ManifestLine): void {
    const text = Buffer.from(`${JSON.stringify(line)}\n`);
    if (writeSync(this.file.fd, text) !== text.length)
      throw new DatenraffinerieError('StorageError', 'manifest line cut by a full disk');
    fdatasyncSync(this.file.fd);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

/** Cuts off what stands after the last line feed (a line is far shorter than 64 kB). @returns how many bytes */
async function cutOffTorn(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const length = Math.min(size, 1 << 16);
  const buffer = Buffer.alloc(length);
  await file.read(buffer, 0, length, size - length);
  const torn = length - (buffer.lastIndexOf(10) + 1);
  if (torn > 0) {
    await file.truncate(size - torn);
    await file.datasync();
  }
  return torn;
}

function parseLine(text: string): ManifestLine | undefined {
  return parseJson(text.replace(/^\uFEFF/, ''), lineSchema) as ManifestLine | undefined; // an editor's mark at its head
}
