import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { deflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { ChunkEntry } from './chunk-index.js';
import type { OutputFile } from './output-file.js';
import { shuffle } from './shuffle.js';

/** Level 3 of deflate: on shuffled rows, higher levels cost much time and save little. */
export const deflateLevel = 3;

const compress: (input: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(deflate);

/**
 * Chunks at work at once: one per core, and two more, so that no thread waits for the next one while this thread makes
 * it or is busy otherwise.
 */
const inFlight = availableParallelism() + 2;

/** Output buffer of zlib: one trip to the thread pool for most chunks. */
const outputBytes = 64 * 1024;

/** Shuffles chunks, compresses them in parallel threads, and writes them in the order in which they came. */
export class ChunkPipeline {
  readonly #queue: Promise<void>[] = [];
  readonly #free: Uint8Array[] = [];
  #last = Promise.resolve();
  readonly chunks: ChunkEntry[] = [];

  constructor(
    private readonly file: OutputFile,
    private readonly chunkRows: number,
    private readonly rowBytes: number,
  ) {}

  /** Takes one whole chunk; its bytes may be reused as soon as this resolves. */
  async push(chunk: Uint8Array): Promise<void> {
    const shuffled = this.#free.pop() ?? new Uint8Array(this.chunkRows * this.rowBytes);
    shuffle(chunk, shuffled, this.chunkRows, this.rowBytes);
    this.#last = this.#compress(shuffled, this.#last);
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
    for (let job = this.#queue[0]; this.#queue.length > limit; job = this.#queue[0]) {
      await job;
      this.#queue.shift();
    }
  }

  /** Compresses a chunk and writes it after the one before. */
  async #compress(shuffled: Uint8Array, before: Promise<void>): Promise<void> {
    const compressed = compress(shuffled, { level: deflateLevel, chunkSize: outputBytes });
    compressed.catch(() => undefined); // awaited after the one before, which may fail first
    await before;
    const bytes = await compressed;
    this.#free.push(shuffled);
    this.chunks.push({ address: await this.file.append(bytes), bytes: bytes.length });
  }
}
