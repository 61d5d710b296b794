import { suggestion } from '../../domain/config/nearest.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { Column, Columns, PackedRows, TableSchema } from '../../domain/table/schema.js';
import type { Hdf5File } from './hdf5-file.js';
import { ColumnBuilder, storedColumns, type SkippedColumn, type StoredColumn } from './stored-columns.js';

/** Bytes of a batch of rows. */
const batchBytes = 8 << 20;

/** A one-dimensional compound dataset of an open file, ours or another writer's, by columns and ranges of rows. */
export class StoredTable {
  readonly #columns: ReadonlyMap<string, StoredColumn>;
  readonly rowBytes: number;
  readonly rows: number;
  readonly chunkRows: number;
  readonly schema: TableSchema;
  /** Members of other types than ours (arrays, variable-length texts): not readable as columns. */
  readonly skipped: readonly SkippedColumn[];

  /** @throws DatenraffinerieError DataError where there is no such dataset or it is no table. */
  constructor(
    readonly file: Hdf5File,
    readonly name: string,
  ) {
    const type = file.describe(name);
    if (type === undefined) throw this.#error('is not there');
    if (type.compound_type === undefined) throw this.#error('has no columns (it is not a compound dataset)');
    if (type.shape?.length !== 1) throw this.#error(`has ${type.shape?.length ?? 0} dimensions instead of 1`);
    const { columns, skipped } = storedColumns(type);
    this.#columns = new Map(columns.map((column) => [column.name, column]));
    this.rowBytes = type.size;
    this.rows = type.shape[0];
    this.chunkRows = type.chunks?.[0] ?? 1; // without chunks any range is read as it is
    this.skipped = skipped;
    this.schema = { columns: describeColumns(columns, file.attributes(name)) };
  }

  /** Rows to be read at once: whole chunks, so that none is inflated twice. */
  get batchRows(): number {
    return this.chunkRows * Math.max(1, Math.floor(batchBytes / (this.chunkRows * this.rowBytes)));
  }

  /** Columns of `count` rows from `first` on, which must be there; in memory are they and a batch of rows. */
  read(names: readonly string[], first: number, count: number): Columns {
    const builders = this.#builders(names, count);
    for (let row = first; row < first + count;) {
      const end = Math.min(first + count, row + this.batchRows - (row % this.chunkRows));
      const bytes = this.file.read(this.name, row, end - row, this.rowBytes);
      for (const builder of builders) builder.add(bytes);
      row = end;
    }
    return { rows: count, data: new Map(names.map((name, i) => [name, builders[i].column()])) };
  }

  /** Rows as they lie in a table of ours: packed, little-endian. @throws DataError for other writers' padded rows. */
  readPacked(first: number, count: number): PackedRows {
    const columns = [...this.#columns.values()];
    const width = columns.reduce((sum, column) => sum + column.width, 0);
    if (width !== this.rowBytes || columns.some(({ bigEndian }) => bigEndian)) throw this.#error('has no packed rows');
    return { schema: this.schema, rows: count, bytes: this.file.read(this.name, first, count, this.rowBytes) };
  }

  /** A damaged file can say that it has more rows than any memory holds. */
  #builders(names: readonly string[], count: number): ColumnBuilder[] {
    const columns = names.map((name) => this.#column(name));
    try {
      return columns.map((column) => new ColumnBuilder(column, this.rowBytes, count));
    } catch (error) {
      if (error instanceof RangeError) throw this.#error(`says that it has ${count} rows: more than memory holds`);
      throw error;
    }
  }

  #column(name: string): StoredColumn {
    const column = this.#columns.get(name);
    if (column !== undefined) return column;
    const names = [...this.#columns.keys()];
    throw this.#error(`has no column '${name}'`, suggestion(name, names));
  }

  #error(what: string, remedy?: string): DatenraffinerieError {
    const text = `${this.file.path}: ${this.name} ${what}`;
    return new DatenraffinerieError('DataError', text, remedy === undefined ? {} : { remedy });
  }
}

/** Columns with the unit and label that stand in the attributes `FIELD_i_ATTR_…`. */
function describeColumns(columns: readonly Column[], attributes: ReadonlyMap<string, string | number>): Column[] {
  const fields = new Map<string | number, string>();
  for (const [key, value] of attributes) {
    const field = /^(FIELD_\d+_)NAME$/.exec(key)?.[1];
    if (field !== undefined) fields.set(value, field);
  }
  return columns.map(({ name, type }) => {
    const unit = attributes.get(`${fields.get(name)}ATTR_unit`);
    const meaning = attributes.get(`${fields.get(name)}ATTR_meaning`);
    const label = attributes.get(`${fields.get(name)}ATTR_label`);
    return {
      name,
      type,
      ...(typeof unit === 'string' ? { unit } : {}),
      ...(typeof meaning === 'string' ? { meaning } : {}),
      ...(typeof label === 'string' ? { label } : {}),
    };
  });
}
