import type { RowRange, TableMetadata, TableReader } from '../../domain/table/reader.js';
import type { Columns, PackedRows, TableSchema } from '../../domain/table/schema.js';
import { Hdf5File } from './hdf5-file.js';
import { readMetadata, readRuns, type StoredMetadata } from './read-metadata.js';
import { StoredTable } from './stored-table.js';
import type { SkippedColumn } from './stored-columns.js';
import type { RunRecord } from './table-metadata.js';

/** A table on disk, read a batch of rows at a time: memory stays at what is asked for, whatever the file's size. */
export class TableFile implements TableReader {
  readonly #file: Hdf5File;
  readonly #table: StoredTable;
  /** What the file says of itself; undefined in another writer's file. */
  readonly stored: StoredMetadata | undefined;

  private constructor(file: Hdf5File, name: string) {
    this.#file = file;
    this.#table = new StoredTable(file, name);
    this.stored = readMetadata(file);
  }

  /**
   * Opens any HDF5 file with a one-dimensional compound dataset; `close` it in a `finally`.
   * @throws DatenraffinerieError ConfigError: no such file; DataError: no HDF5 file, or no table of that name in it.
   */
  static async open(path: string, name = '/data/measurements'): Promise<TableFile> {
    const file = await Hdf5File.open(path);
    try {
      return new TableFile(file, name);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  get schema(): TableSchema {
    return this.#table.schema;
  }

  get rows(): number {
    return this.#table.rows;
  }

  get metadata(): TableMetadata {
    return this.stored ?? { procedure: '', axes: [] };
  }

  /** Columns that other writers made of types without a counterpart here. */
  get skipped(): readonly SkippedColumn[] {
    return this.#table.skipped;
  }

  async columns(names: readonly string[], range: RowRange = { start: 0, end: this.rows }): Promise<Columns> {
    const { start, count } = this.#clip(range);
    return this.#table.read(names, start, count);
  }

  async *chunks(names: readonly string[], size = this.#table.batchRows): AsyncGenerator<Columns> {
    for (let start = 0; start < this.rows; start += size) yield this.columns(names, { start, end: start + size });
  }

  /** Packed rows of a table of ours, to be moved as a block. */
  async packedRows(range: RowRange): Promise<PackedRows> {
    const { start, count } = this.#clip(range);
    return this.#table.readPacked(start, count);
  }

  /** What each run contributed, in table order, from the `first`th on; none in another writer's file. */
  runs(first?: number, count?: number): RunRecord[] {
    return readRuns(this.#file, first, count);
  }

  close(): void {
    this.#file.close();
  }

  #clip({ start, end }: RowRange): { start: number; count: number } {
    const first = Math.max(0, Math.min(start, this.rows));
    return { start: first, count: Math.max(0, Math.min(end, this.rows) - first) };
  }
}
