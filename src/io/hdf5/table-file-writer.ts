import { createHash } from 'node:crypto';
import type { TableSchema } from '../../domain/table/schema.js';
import { stringDatatype } from './datatype.js';
import { DatasetWriter } from './dataset-writer.js';
import { encodeGroupIndex, type Link } from './group.js';
import * as message from './messages.js';
import { encodeObjectHeader } from './object-header.js';
import { OutputFile, type FinishedFile } from './output-file.js';
import { packRow } from './pack-row.js';
import { RunsSpool } from './runs-spool.js';
import { encodeSuperblock, superblockSize } from './superblock.js';
import { groupAttributes } from './table-attributes.js';
import { axesSchema, runsSchema, type RunFacts, type TableMetadata } from './table-metadata.js';

/** A finished table. */
export interface WrittenTable extends FinishedFile {
  readonly rows: number;
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
    private readonly metadata: TableMetadata,
  ) {
    this.#measurements = new DatasetWriter(file, '/data/measurements', schema);
    file.skip(superblockSize);
  }

  /** @throws DatenraffinerieError StorageError where the folder cannot be written to. */
  static async create(path: string, schema: TableSchema, metadata: TableMetadata): Promise<TableFileWriter> {
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

  /** Writes metadata and index, syncs, and gives the file its name. */
  async finish(): Promise<WrittenTable> {
    await this.#endRun();
    const measurements = await this.#measurements.finish();
    const data = await this.#group('/data', groupAttributes(), [{ name: 'measurements', header: measurements }]);
    const metadata = await this.#writeMetadata();
    const root = await this.#group('/', groupAttributes(true), [
      { name: 'data', ...data },
      { name: 'metadata', ...metadata },
    ]);
    await this.file.writeAt(0, encodeSuperblock(root, this.file.length));
    await this.#runs.close();
    return { rows: this.rows, ...(await this.file.finish()) };
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

  async #writeMetadata(): Promise<Omit<Link, 'name'>> {
    const { procedure, configuration, software, stand, board, comment, axes = [] } = this.metadata;
    const facts = { procedure, software, stand, board, configuration_sha256: sha256(configuration) };
    const attributes = Object.entries(facts).flatMap(([name, text]) =>
      text === undefined ? [] : [message.textAttribute(name, text)],
    );
    const links: Link[] = [
      { name: 'configuration', header: await this.#text('/metadata/configuration', configuration) },
      { name: 'axes', header: await this.#axes(axes) },
      { name: 'runs', header: await this.#writeRuns() },
    ];
    if (comment !== undefined) links.push({ name: 'comment', header: await this.#text('/metadata/comment', comment) });
    return this.#group('/metadata', [...groupAttributes(), ...attributes], links);
  }

  /** A scalar string of any length: attributes must stay below 64 kB. */
  async #text(name: string, text: string): Promise<number> {
    const bytes = Buffer.from(`${text}\0`);
    const address = await this.file.append(bytes);
    this.file.align();
    return this.file.append(
      encodeObjectHeader(name, [
        message.scalarDataspace(),
        message.datatype(stringDatatype({ bytes: bytes.length, padding: 'terminated', utf8: true })),
        message.zeroFill('late'),
        message.contiguousLayout(address, bytes.length),
      ]),
    );
  }

  async #axes(axes: NonNullable<TableMetadata['axes']>): Promise<number> {
    const schema = axesSchema(axes);
    const writer = new DatasetWriter(this.file, '/metadata/axes', schema);
    for (const { name, length, unit = '', label = '' } of axes) {
      await writer.append(packRow(schema, [name, length, unit, label]));
    }
    return writer.finish();
  }

  async #writeRuns(): Promise<number> {
    const schema = runsSchema(this.#runs.patchBytes);
    const writer = new DatasetWriter(this.file, '/metadata/runs', schema);
    for await (const run of this.#runs.records()) {
      const counts = [run.events, run.truncatedBytes, run.corruptHalves];
      await writer.append(packRow(schema, [run.run, run.firstRow, run.rows, ...counts, run.sha256, run.patch]));
    }
    return writer.finish();
  }

  async #group(name: string, attributes: message.Message[], links: readonly Link[]): Promise<Omit<Link, 'name'>> {
    this.file.align();
    const heap = this.file.length;
    const index = encodeGroupIndex(links, heap);
    const tree = heap + index.heap.length + index.node.length;
    await this.file.append(Buffer.concat([index.heap, index.node, index.tree]));
    const header = await this.file.append(encodeObjectHeader(name, [message.symbolTable(tree, heap), ...attributes]));
    return { header, group: { tree, heap } };
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
