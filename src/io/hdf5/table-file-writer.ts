import type { TableSchema } from '../../domain/table/schema.js';
import { DatasetWriter, type ReadRows } from './dataset-writer.js';
import { writeGroup } from './group-writer.js';
import { writeMetadata } from './metadata-writer.js';
import { OutputFile } from './output-file.js';
import { RunsSpool } from './runs-spool.js';
import { encodeSuperblock, superblockSize } from './superblock.js';
import { groupAttributes } from './table-attributes.js';
import type { FileMetadata, RunFacts } from './table-metadata.js';

/** A finished table. */
export interface WrittenTable {
  readonly rows: number;
  readonly bytes: number;
  /** Of the whole file, hex. */
  readonly sha256: string;
}

/**
 * Writes `PROCEDURE.h5` (spec: hdf5-layout) as rows come, in constant memory: `/data/measurements` for every reader,
 * `/metadata` for those who ask where the numbers come from. The same rows and metadata give the same bytes.
 * After `create`, end with `finish` or `discard`. Calls must not overlap.
 */
export class TableFileWriter {
  readonly #measurements: DatasetWriter;
  readonly #runs = new RunsSpool();
  #openRun: { facts: RunFacts; firstRow: number } | undefined;

  private constructor(
    private readonly file: OutputFile,
    schema: TableSchema,
    private readonly metadata: FileMetadata,
  ) {
    this.#measurements = new DatasetWriter(file, '/data/measurements', schema);
    file.skip(superblockSize);
  }

  /** @throws DatenraffinerieError StorageError where the folder cannot be written to. */
  static async create(path: string, schema: TableSchema, metadata: FileMetadata): Promise<TableFileWriter> {
    return new TableFileWriter(await OutputFile.create(path), schema, metadata);
  }

  get rows(): number {
    return this.#measurements.rows;
  }

  /** Rows appended from now on, until the next run begins, are this run's. */
  async beginRun(facts: RunFacts): Promise<void> {
    await this.#endRun();
    this.#openRun = { facts, firstRow: this.rows };
  }

  /** Appends whole packed rows; `bytes` may be reused when this resolves. */
  async append(bytes: Uint8Array): Promise<void> {
    await this.#measurements.append(bytes);
  }

  /** Appends rows that `read` puts, packed, where it is told; the same as `append` without a copy. */
  async appendFrom(rows: number, read: ReadRows): Promise<void> {
    await this.#measurements.appendFrom(rows, read);
  }

  /** Writes metadata and index, syncs, and gives the file its name. */
  async finish(): Promise<WrittenTable> {
    await this.#endRun();
    const measurements = await this.#measurements.finish();
    const data = await writeGroup(this.file, '/data', groupAttributes(), [
      { name: 'measurements', header: measurements },
    ]);
    const metadata = await writeMetadata(this.file, this.metadata, this.#runs);
    const root = await writeGroup(this.file, '/', groupAttributes(true), [
      { name: 'data', ...data },
      { name: 'metadata', ...metadata },
    ]);
    await this.file.writeAt(0, encodeSuperblock(root, this.file.length));
    await this.#runs.close();
    return { rows: this.rows, bytes: this.file.length, sha256: await this.file.finishHashed() };
  }

  /** Leaves nothing behind; what stood under the final name stays. */
  async discard(): Promise<void> {
    await this.#measurements.abandon();
    await this.#runs.close();
    await this.file.discard();
  }

  async #endRun(): Promise<void> {
    if (this.#openRun === undefined) return;
    const { facts, firstRow } = this.#openRun;
    this.#openRun = undefined;
    await this.#runs.add({ ...facts, firstRow, rows: this.rows - firstRow });
  }
}
