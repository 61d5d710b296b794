import { rowSize, type TableSchema } from '../../domain/table/schema.js';
import { undefinedAddress } from './byte-writer.js';
import { encodeChunkIndex } from './chunk-index.js';
import { ChunkPipeline, deflateLevel } from './chunk-pipeline.js';
import { compoundDatatype } from './datatype.js';
import * as message from './messages.js';
import { encodeObjectHeader } from './object-header.js';
import type { OutputFile } from './output-file.js';
import { tableAttributes } from './table-attributes.js';

/** Uncompressed bytes of a chunk: half of the cache that HDF5 gives a dataset, so that range reads inflate once. */
const bigChunk = 512 * 1024;
/** The same for tables that are known to be small: every chunk is whole, however few rows are in it. */
export const smallChunk = 16 * 1024;

/** Rows of a chunk: a multiple of 64, at least 64. */
function chunkRowsOf(rowBytes: number, chunkBytes: number): number {
  return Math.max(64, Math.floor(chunkBytes / rowBytes / 64) * 64);
}

/** Puts packed rows `first` … `first + count − 1` of a source into `into`. */
export type ReadRows = (first: number, count: number, into: Uint8Array) => void;

/** Appends packed rows to one extendible, chunked, shuffled and deflated dataset; the header comes last. */
export class DatasetWriter {
  readonly #rowBytes: number;
  readonly #chunkRows: number;
  readonly #chunk: Uint8Array;
  readonly #pipeline: ChunkPipeline;
  #filled = 0;
  #rows = 0;

  constructor(
    private readonly file: OutputFile,
    private readonly name: string,
    private readonly schema: TableSchema,
    chunkBytes = bigChunk,
  ) {
    this.#rowBytes = rowSize(schema);
    this.#chunkRows = chunkRowsOf(this.#rowBytes, chunkBytes);
    this.#chunk = new Uint8Array(this.#chunkRows * this.#rowBytes);
    this.#pipeline = new ChunkPipeline(file, this.#chunkRows, this.#rowBytes);
  }

  get rows(): number {
    return this.#rows;
  }

  /** Appends whole rows; `bytes` may be reused when this resolves. Calls must not overlap. */
  async append(bytes: Uint8Array): Promise<void> {
    if (bytes.length % this.#rowBytes !== 0) {
      throw new RangeError(`${this.name}: ${bytes.length} bytes are no whole rows of ${this.#rowBytes} bytes`);
    }
    this.#rows += bytes.length / this.#rowBytes;
    for (let at = 0; at < bytes.length;) {
      const direct = this.#filled === 0 && bytes.length - at >= this.#chunk.length && (bytes.byteOffset + at) % 4 === 0;
      at += direct ? await this.#pushDirect(bytes, at) : await this.#fill(bytes, at);
    }
  }

  /** Appends `rows` rows that `read` puts, packed, straight into the chunks: rows move as blocks. */
  async appendFrom(rows: number, read: ReadRows): Promise<void> {
    for (let done = 0; done < rows;) {
      const count = Math.min(rows - done, this.#chunkRows - this.#filled / this.#rowBytes);
      const end = this.#filled + count * this.#rowBytes;
      read(done, count, this.#chunk.subarray(this.#filled, end));
      this.#filled = end;
      done += count;
      this.#rows += count;
      await this.#pushIfFull();
    }
  }

  /** Writes what is left, the chunk index and the object header; returns the header's address. */
  async finish(): Promise<number> {
    if (this.#filled > 0) {
      this.#chunk.fill(0, this.#filled); // chunks are whole on disk; rows past the end are never read
      await this.#pipeline.push(this.#chunk);
      this.#filled = 0;
    }
    await this.#pipeline.finish();
    this.file.align();
    const index = encodeChunkIndex(this.#pipeline.chunks, this.#chunkRows, this.file.length);
    await this.file.append(index.nodes);
    return this.file.append(
      encodeObjectHeader(this.name, [
        message.extendibleDataspace(this.#rows),
        message.datatype(compoundDatatype(this.schema)),
        message.zeroFill('incremental'),
        message.chunkedLayout(index.root ?? undefinedAddress, this.#chunkRows, this.#rowBytes),
        message.shuffleDeflate(this.#rowBytes, deflateLevel),
        ...tableAttributes(this.schema),
      ]),
    );
  }

  /** Ends the work of the threads without writing. */
  async abandon(): Promise<void> {
    await this.#pipeline.abandon();
  }

  async #pushDirect(bytes: Uint8Array, at: number): Promise<number> {
    await this.#pipeline.push(bytes.subarray(at, at + this.#chunk.length));
    return this.#chunk.length;
  }

  async #fill(bytes: Uint8Array, at: number): Promise<number> {
    const part = bytes.subarray(at, at + this.#chunk.length - this.#filled);
    this.#chunk.set(part, this.#filled);
    this.#filled += part.length;
    await this.#pushIfFull();
    return part.length;
  }

  async #pushIfFull(): Promise<void> {
    if (this.#filled < this.#chunk.length) return;
    await this.#pipeline.push(this.#chunk);
    this.#filled = 0;
  }
}
