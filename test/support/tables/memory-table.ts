import { DatenraffinerieError } from '../../../src/domain/errors.js';
import type { RowRange, TableMetadata, TableReader, TableRun } from '../../../src/domain/table/reader.js';
import type { ColumnData, Columns, TableSchema } from '../../../src/domain/table/schema.js';

/** Rows a chunk has where the caller does not say. */
const defaultChunkRows = 1 << 18;

/** A table whose columns are in memory. */
export class MemoryTable implements TableReader {
  readonly schema: TableSchema;
  readonly rows: number;
  readonly metadata: TableMetadata;
  private readonly data: ReadonlyMap<string, ColumnData>;

  constructor(
    schema: TableSchema,
    columns: Columns,
    metadata: TableMetadata = { procedure: '', axes: [] },
    private readonly ofRuns: readonly TableRun[] = [],
  ) {
    this.schema = schema;
    this.rows = columns.rows;
    this.data = columns.data;
    this.metadata = metadata;
  }

  runs(): readonly TableRun[] {
    return this.ofRuns;
  }

  async columns(names: readonly string[], range: RowRange = { start: 0, end: this.rows }): Promise<Columns> {
    const data = new Map(names.map((name) => [name, this.column(name).slice(range.start, range.end)]));
    return { rows: Math.max(0, Math.min(range.end, this.rows) - range.start), data };
  }

  async *chunks(names: readonly string[], size = defaultChunkRows): AsyncIterable<Columns> {
    for (let start = 0; start < this.rows; start += size) {
      yield await this.columns(names, { start, end: Math.min(start + size, this.rows) });
    }
  }

  private column(name: string): ColumnData {
    const column = this.data.get(name);
    if (column === undefined) {
      throw new DatenraffinerieError('DataError', `the table has no column '${name}'`, {
        remedy: `its columns are ${[...this.data.keys()].join(', ')}`,
      });
    }
    return column;
  }
}
