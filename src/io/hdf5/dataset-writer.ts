import { rowSize, type TableSchema } from '../../domain/table/schema.js';
import { undefinedAddress } from './byte-writer.js';
import { encodeChunkIndex } from './chunk-index.js';
import { ChunkFiller } from './chunk-filler.js';
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

/** Bytes of rows that are read at a time where they are asked for: they stay in the processor's cache. */
const readBytes = 128 * 1024;

/** Puts packed rows `first` … `first + count − 1` of a source into `into`. */
export type ReadRows = (first: number, count: number, into: Uint8Array) => void;

/** Appends packed rows to one extendible, chunked, shuffled and deflated dataset; the header comes last. */
export class DatasetWriter {
  readonly #rowBytes: number;
  readonly #chunkRows: number;
  readonly #pipeline: ChunkPipeline;
  readonly #filler: ChunkFiller;
  #scratch: Uint8Array | undefined;
  #rows = 0;

  constructor(
    private readonly file: OutputFile,
    private readonly name: string,
    private readonly schema: TableSchema,
    chunkBytes = bigChunk,
  ) {
    this.#rowBytes = rowSize(schema);
    this.#chunkRows = chunkRowsOf(this.#rowBytes, chunkBytes);
    this.#pipeline = new ChunkPipeline(file, this.#chunkRows * this.#rowBytes);
    this.#filler = new ChunkFiller(this.#pipeline, this.#chunkRows, this.#rowBytes);
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
    await this.#filler.add(bytes);
  }

  /** Appends `rows` rows that `read` puts, packed, where it is told. */
  async appendFrom(rows: number, read: ReadRows): Promise<void> {
    const most = Math.max(1, Math.floor(readBytes / this.#rowBytes));
    const scratch = (this.#scratch ??= new Uint8Array(most * this.#rowBytes));
    for (let done = 0; done < rows;) {
      const count = Math.min(rows - done, most);
      const bytes = scratch.subarray(0, count * this.#rowBytes);
      read(done, count, bytes);
      await this.append(bytes);
      done += count;
    }
  }

  /** Writes what is left, the chunk index and the object header; returns the header's address. */
  async finish(): Promise<number> {
    await this.#filler.finish();
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
}
