import type { RowRange, TableMetadata, TableReader } from '../../domain/table/reader.js';
import type { Columns, PackedRows, TableSchema } from '../../domain/table/schema.js';
import { Hdf5File } from './hdf5-file.js';
import { readMetadata, readRuns, type StoredMetadata } from './read-metadata.js';
import { StoredTable } from './stored-table.js';
import type { SkippedColumn } from './stored-columns.js';
import type { RunRecord } from './table-metadata.js';

/** A record is some hundred bytes. */
const runsAtOnce = 10_000;

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
    let start = 0;
    for await (const end of this.#chunkEnds(size)) {
      yield this.columns(names, { start, end });
      start = end;
    }
  }

  /** Rows after which a chunk of at most `size` rows ends: after runs, in a run that is longer after a whole event. */
  async *#chunkEnds(size: number): AsyncGenerator<number> {
    let [start, reached] = [0, 0];
    for (const end of this.#runEnds()) {
      if (end - start > size && reached > start) yield (start = reached);
      while (end - start > size) yield (start = await this.#eventEnd(start, start + size));
      reached = end;
    }
    if (reached > start) yield reached;
  }

  *#runEnds(): Generator<number> {
    for (let first = 0; ; first += runsAtOnce) {
      const runs = this.runs(first, runsAtOnce);
      for (const { firstRow, rows } of runs) yield firstRow + rows;
      if (runs.length < runsAtOnce) break;
    }
    yield this.rows; // of tables without a list of runs
  }

  /** The last row up to `limit` after which another event begins; `limit` where none does. */
  async #eventEnd(start: number, limit: number): Promise<number> {
    if (!this.schema.columns.some(({ name }) => name === 'event')) return limit;
    const { data } = await this.columns(['event'], { start, end: limit + 1 });
    const events = data.get('event') ?? [];
    for (let at = events.length - 1; at > 0; at--) if (events[at] !== events[at - 1]) return start + at;
    return limit;
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
