import type { ChunkPipeline } from './chunk-pipeline.js';
import { shuffle } from './shuffle.js';

/** Rows are shuffled four at a time. */
const together = 4;

/** Shuffles packed rows into chunks as they come, without a copy on the way, and hands on every chunk that is full. */
export class ChunkFiller {
  readonly #staged: Uint8Array;
  #stagedBytes = 0;
  #chunk: Uint8Array | undefined;
  #filledRows = 0;

  constructor(
    private readonly pipeline: ChunkPipeline,
    private readonly chunkRows: number,
    private readonly rowBytes: number,
  ) {
    this.#staged = new Uint8Array(together * rowBytes);
  }

  /** Takes whole rows; `bytes` may be reused when this resolves. */
  async add(bytes: Uint8Array): Promise<void> {
    const quad = this.#staged.length;
    const toStage = this.#stagedBytes === 0 ? 0 : Math.min(bytes.length, quad - this.#stagedBytes);
    await this.#stage(bytes.subarray(0, toStage));
    const end = toStage + Math.floor((bytes.length - toStage) / quad) * quad;
    await this.#shuffle(bytes.subarray(toStage, end));
    await this.#stage(bytes.subarray(end));
  }

  /** Hands on the last chunk, with zeros where it has no rows: chunks are whole on disk. */
  async finish(): Promise<void> {
    if (this.#stagedBytes > 0) await this.#stage(new Uint8Array(this.#staged.length - this.#stagedBytes));
    const chunk = this.#chunk;
    if (chunk === undefined) return;
    for (let byte = 0; byte < this.rowBytes; byte++) {
      chunk.fill(0, byte * this.chunkRows + this.#filledRows, (byte + 1) * this.chunkRows);
    }
    await this.#handOn(chunk);
  }

  /** Keeps rows until there are four; never more bytes than that needs. */
  async #stage(bytes: Uint8Array): Promise<void> {
    this.#staged.set(bytes, this.#stagedBytes);
    this.#stagedBytes += bytes.length;
    if (this.#stagedBytes < this.#staged.length) return;
    this.#stagedBytes = 0;
    await this.#shuffle(this.#staged);
  }

  async #shuffle(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const chunk = (this.#chunk ??= this.pipeline.take());
      const rows = Math.min((bytes.length - at) / this.rowBytes, this.chunkRows - this.#filledRows);
      const end = at + rows * this.rowBytes;
      shuffle(bytes.subarray(at, end), this.rowBytes, chunk, this.chunkRows, this.#filledRows);
      at = end;
      this.#filledRows += rows;
      if (this.#filledRows === this.chunkRows) await this.#handOn(chunk);
    }
  }

  async #handOn(chunk: Uint8Array): Promise<void> {
    this.#chunk = undefined;
    this.#filledRows = 0;
    await this.pipeline.push(chunk);
  }
}
