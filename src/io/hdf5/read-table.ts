import { DatenraffinerieError } from '../../domain/errors.js';
import type { Column, Columns, PackedRows, TableSchema } from '../../domain/table/schema.js';
import { Hdf5File } from './hdf5-file.js';
import { extractColumn, storedColumns, type SkippedColumn, type StoredColumn } from './stored-columns.js';

/** Bytes that are read at once where the caller does not say how many rows. */
const batchBytes = 8 << 20;

/** Which rows and columns to read; all by default. */
export interface Selection {
  readonly columns?: readonly string[];
  readonly first?: number;
  readonly rows?: number;
}

/**
 * A table in an HDF5 file: any one-dimensional compound dataset, ours or another writer's. Only what is asked for is
 * read; `close` it in a `finally`.
 */
export class TableReader {
  readonly #columns: readonly StoredColumn[];
  readonly #rowBytes: number;
  readonly rows: number;
  readonly chunkRows: number;
  readonly schema: TableSchema;
  /** Members of other types than ours (arrays, variable-length texts): not readable as columns. */
  readonly skipped: readonly SkippedColumn[];

  /** A table of a file that is open already; it closes with the file. */
  constructor(
    readonly file: Hdf5File,
    readonly name = '/data/measurements',
  ) {
    const type = file.describe(name);
    if (type === undefined) throw notTable(file, name, 'is not there');
    if (type.compound_type === undefined) throw notTable(file, name, 'has no columns (it is not a compound dataset)');
    if (type.shape?.length !== 1) throw notTable(file, name, `has ${type.shape?.length ?? 0} dimensions instead of 1`);
    const { columns, skipped } = storedColumns(type);
    this.#columns = columns;
    this.#rowBytes = type.size;
    this.rows = type.shape[0];
    this.chunkRows = type.chunks?.[0] ?? this.rows;
    this.skipped = skipped;
    const attributes = file.attributes(name);
    this.schema = { columns: columns.map((column) => describeColumn(column, attributes)) };
  }

  /** @throws DatenraffinerieError ConfigError: no such file; DataError: no HDF5 file, or no table of that name in it. */
  static async open(path: string, name?: string): Promise<TableReader> {
    const file = await Hdf5File.open(path);
    try {
      return new TableReader(file, name);
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /** Columns of a range of rows, all in memory. */
  read({ columns, first = 0, rows = this.rows - first }: Selection = {}): Columns {
    const chosen = this.#choose(columns);
    const count = Math.max(0, Math.min(rows, this.rows - first));
    const bytes = this.file.read(this.name, first, count, this.#rowBytes);
    return {
      rows: count,
      data: new Map(chosen.map((column) => [column.name, extractColumn(bytes, this.#rowBytes, column)])),
    };
  }

  /** The table piece by piece, each at the row where it begins; memory stays at about one piece, whatever the size. */
  *batches(selection: Selection = {}, rowsPerBatch = this.#defaultBatch()): Generator<Columns & { first: number }> {
    const first = selection.first ?? 0;
    const end = Math.min(this.rows, first + (selection.rows ?? this.rows));
    for (let row = first; row < end; row += rowsPerBatch) {
      yield { first: row, ...this.read({ ...selection, first: row, rows: Math.min(rowsPerBatch, end - row) }) };
    }
  }

  /** Rows as they lie in a table of ours: packed, little-endian. @throws DataError for another writer's padded rows. */
  packedRows(first: number, rows: number): PackedRows {
    const packed = this.#columns.reduce((sum, { width }) => sum + width, 0) === this.#rowBytes;
    if (!packed || this.#columns.some(({ bigEndian }) => bigEndian))
      throw notTable(this.file, this.name, 'is not packed');
    return { schema: this.schema, rows, bytes: this.file.read(this.name, first, rows, this.#rowBytes) };
  }

  close(): void {
    this.file.close();
  }

  #choose(names: readonly string[] | undefined): readonly StoredColumn[] {
    if (names === undefined) return this.#columns;
    return names.map((name) => {
      const found = this.#columns.find((column) => column.name === name);
      if (found === undefined) throw notTable(this.file, this.name, `has no column ${name}`, this.#nameList());
      return found;
    });
  }

  #nameList(): string {
    return `its columns are ${this.#columns.map(({ name }) => name).join(', ')}`;
  }

  /** Whole chunks, so that none is inflated twice. */
  #defaultBatch(): number {
    const chunk = Math.max(1, this.chunkRows);
    return chunk * Math.max(1, Math.floor(batchBytes / (chunk * this.#rowBytes)));
  }
}

function describeColumn({ name, type }: StoredColumn, attributes: ReadonlyMap<string, string | number>): Column {
  const index = [...attributes].find(([key, value]) => value === name && /^FIELD_\d+_NAME$/.test(key))?.[0];
  const stem = index?.slice(0, -'NAME'.length);
  const unit = attributes.get(`${stem}ATTR_unit`);
  const label = attributes.get(`${stem}ATTR_label`);
  return {
    name,
    type,
    ...(typeof unit === 'string' ? { unit } : {}),
    ...(typeof label === 'string' ? { label } : {}),
  };
}

function notTable(file: Hdf5File, name: string, what: string, remedy?: string): DatenraffinerieError {
  return new DatenraffinerieError('DataError', `${file.path}: ${name} ${what}`, remedy === undefined ? {} : { remedy });
}
