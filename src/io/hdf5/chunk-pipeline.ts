import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { deflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { ChunkEntry } from './chunk-index.js';
import type { OutputFile } from './output-file.js';

/** Level 3 of deflate: on shuffled rows, higher levels cost much time and save little. */
export const deflateLevel = 3;

const compress: (input: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(deflate);

/**
 * Chunks at work at once: more than there are cores, so that threads find the next one ready while this thread makes
 * more, reads, or is kept from its core by one of them.
 */
const inFlight = 2 * availableParallelism() + 6;

/** Output buffer of zlib: one trip to the thread pool for most chunks. */
const outputBytes = 64 * 1024;

/** Compresses chunks in parallel threads and writes them in the order in which they came. */
export class ChunkPipeline {
  readonly #queue: Promise<void>[] = [];
  readonly #free: Uint8Array[] = [];
  #last = Promise.resolve();
  readonly chunks: ChunkEntry[] = [];

  constructor(
    private readonly file: OutputFile,
    private readonly chunkBytes: number,
  ) {}

  /** A chunk to be filled; what it holds is left from another one. */
  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.chunkBytes);
  }

  /** Gives back a chunk that is full; resolves when there is room for the next. */
  async push(chunk: Uint8Array): Promise<void> {
    this.#last = this.#compress(chunk, this.#last);
    this.#last.catch(() => undefined); // awaited below, maybe only after others
    this.#queue.push(this.#last);
    await this.#drain(inFlight - 1);
  }

  /** Waits until everything is handed to the file; afterwards `chunks` is complete. */
  async finish(): Promise<void> {
    await this.#drain(0);
  }

  /** Waits for threads that still work. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#queue.splice(0));
  }

  async #drain(limit: number): Promise<void> {
    while (this.#queue.length > limit) {
      await this.#queue[0];
      void this.#queue.shift();
    }
  }

  /** Compresses a chunk and writes it after the one before. */
  async #compress(chunk: Uint8Array, before: Promise<void>): Promise<void> {
    const compressed = compress(chunk, { level: deflateLevel, chunkSize: outputBytes });
    compressed.catch(() => undefined); // awaited after the one before, which may fail first
    await before;
    const bytes = await compressed;
    this.#free.push(chunk);
    this.chunks.push({ address: await this.file.append(bytes), bytes: bytes.length });
  }
}
