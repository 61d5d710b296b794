/**
 * Room: parts to a table, at the end or ahead of it; raw files to a table without a scan.
 * May use: domain/*, io, io/configuration, io/hdf5, io/output, io/process, io/threads.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import { withMeanings } from '../../domain/table/measured-columns.js';
import { sameColumns, type TableSchema } from '../../domain/table/schema.js';
import { TableFileWriter, type WrittenTable } from '../hdf5/table-file-writer.js';
import type { FileMetadata } from '../hdf5/table-metadata.js';
import { PartFile } from '../process/part-reader.js';

/** Parts between which timers and messages get their turn, however little there is to wait for in each. */
const partsPerTurn = 64;

/** The part of one run. */
export interface RunPart {
  readonly run: number;
  /** The run's patch as JSON. */
  readonly patch: string;
  /** The part file. */
  readonly path: string;
}

/** How far a merge is. */
export interface MergeProgress {
  readonly parts: number;
  readonly rows: number;
}

export interface MergeOptions {
  /** Columns of the table where no part may come; else those of the first part. */
  readonly schema?: TableSchema;
  /** Ends the merge between two blocks of rows; nothing is left behind. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: MergeProgress) => void;
}

/**
 * Puts the parts of runs into one table, in the order in which they come, with one part open at a time and constant
 * memory. It can begin while runs are still being measured. End with `finish` or `discard`; calls must not overlap.
 */
export class TableMerger {
  #writer: TableFileWriter | undefined;
  #schema: { readonly columns: TableSchema; readonly path: string } | undefined;
  #parts = 0;

  constructor(
    readonly path: string,
    private readonly metadata: FileMetadata,
    private readonly options: MergeOptions = {},
  ) {}

  /** @throws DatenraffinerieError DataError where the part is none or has other columns than those before. */
  async add({ run, patch, path }: RunPart): Promise<void> {
    if (this.#parts % partsPerTurn === 0) await nextTurn();
    this.options.signal?.throwIfAborted();
    const part = PartFile.open(path);
    try {
      const { schema, rows, events, truncatedBytes, corruptHalves, sha256 } = part.header;
      this.#checkSchema(schema, path);
      const writer = (this.#writer ??= await this.#create(schema));
      await writer.beginRun({ run, patch, events, truncatedBytes, corruptHalves, sha256 });
      await writer.appendFrom(rows, (first, count, into) => {
        this.options.signal?.throwIfAborted();
        part.read(first, count, into);
      });
      this.#parts++;
      this.options.onProgress?.({ parts: this.#parts, rows: writer.rows });
    } finally {
      part.close();
    }
  }

  /** @throws DatenraffinerieError DataError where there were no parts and no schema was given. */
  async finish(): Promise<WrittenTable> {
    if (this.#writer === undefined) {
      const { schema } = this.options;
      if (schema === undefined) throw new DatenraffinerieError('DataError', `${this.path}: there are no runs to merge`);
      this.#writer = await this.#create(schema);
    }
    return this.#writer.finish();
  }

  async discard(): Promise<void> {
    await this.#writer?.discard();
  }

  #create(schema: TableSchema): Promise<TableFileWriter> {
    return TableFileWriter.create(this.path, withMeanings(schema), this.metadata);
  }

  #checkSchema(schema: TableSchema, path: string): void {
    this.#schema ??= { columns: schema, path };
    if (sameColumns(schema, this.#schema.columns)) return;
    throw new DatenraffinerieError('DataError', `${path}: its columns differ from those of ${this.#schema.path}`, {
      remedy: 'delete the parts; they are made again from the raw files',
    });
  }
}

/** Merges parts in the given order into the table `path`; whatever goes wrong, nothing half-made is left. */
export async function mergeParts(
  parts: Iterable<RunPart> | AsyncIterable<RunPart>,
  path: string,
  metadata: FileMetadata,
  options?: MergeOptions,
): Promise<WrittenTable> {
  const merger = new TableMerger(path, metadata, options);
  try {
    for await (const part of parts) await merger.add(part);
    return await merger.finish();
  } catch (error) {
    await merger.discard();
    throw error;
  }
}
