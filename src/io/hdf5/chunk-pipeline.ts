import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { deflate, type InputType, type ZlibOptions } from 'node:zlib';
import type { ChunkEntry } from './chunk-index.js';
import type { OutputFile } from './output-file.js';
import { shuffle } from './shuffle.js';

/** Level 3 of deflate: on shuffled rows, higher levels cost much time and save little. */
export const deflateLevel = 3;

const compress: (input: InputType, options: ZlibOptions) => Promise<Buffer> = promisify(deflate);

/** Chunks at work at once: one per thread that zlib can have, and one that waits to be written. */
const inFlight = Math.min(availableParallelism(), Number(process.env['UV_THREADPOOL_SIZE'] ?? 4)) + 1;

/** Output buffer of zlib: one trip to the thread pool for most chunks. */
const outputBytes = 64 * 1024;

interface Job {
  readonly compressed: Promise<Buffer>;
  readonly shuffled: Uint8Array;
}

/** Shuffles chunks, compresses them in parallel threads, and writes them in the order in which they came. */
export class ChunkPipeline {
  readonly #queue: Job[] = [];
  readonly #free: Uint8Array[] = [];
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
    const compressed = compress(shuffled, { level: deflateLevel, chunkSize: outputBytes });
    compressed.catch(() => undefined); // awaited in #writeFirst, maybe only after others
    this.#queue.push({ compressed, shuffled });
    await this.#drain(inFlight - 1);
  }

  /** Waits until everything is written; afterwards `chunks` is complete. */
  async finish(): Promise<void> {
    await this.#drain(0);
  }

  /** Waits for threads that still work, writes nothing more. */
  async abandon(): Promise<void> {
    await Promise.allSettled(this.#queue.splice(0).map((job) => job.compressed));
  }

  async #drain(limit: number): Promise<void> {
    while (this.#queue.length > limit) {
      const { compressed, shuffled } = this.#queue[0];
      const bytes = await compressed;
      this.#queue.shift();
      this.#free.push(shuffled);
      this.chunks.push({ address: await this.file.append(bytes), bytes: bytes.length });
    }
  }
}
