import type { DataFormat } from '../../domain/config/procedure.js';
import type { ConfigMap, Scalar } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { EventColumns, type EventBatch } from '../../domain/hgcroc/event-columns.js';
import { SummaryCounter } from '../../domain/summary/counter.js';
import { summarize, type SummaryColumns } from '../../domain/summary/summarize.js';
import { chipsOf } from '../../domain/table/chip-parameters.js';
import type { TableLayout } from '../../domain/table/layout.js';
import type { RunReadings } from '../../domain/table/reading-columns.js';
import { eventRows, RowPacker, summaryRows } from '../../domain/table/pack.js';
import { partKey, type PartHeader } from './part.js';
import { PartWriter } from './part-writer.js';
import { readRawFile, type RawFileFacts } from '../output/raw-file.js';

/** One run to be turned into a part. */
export interface RunToProcess {
  readonly rawFile: string;
  readonly partFile: string;
  /** The whole configuration that the run was measured with, and its key. */
  readonly state: ConfigMap;
  readonly runKey: string;
  readonly axisValues: ReadonlyMap<string, Scalar>;
  /** Slow readings that the manifest has of the run. */
  readonly readings?: RunReadings | undefined;
  /** Of the raw file as the manifest has it; another one is a DataError. */
  readonly expectedSha256?: string;
}

/**
 * Turns raw files into parts, one after the other, in the thread that calls. Memory does not grow with the files, and
 * buffers are used again from run to run.
 */
export class RunProcessor {
  private readonly packer: RowPacker;
  private readonly counter = new SummaryCounter();

  constructor(
    private readonly layout: TableLayout,
    private readonly dataFormat: DataFormat,
  ) {
    this.packer = new RowPacker(layout);
  }

  /**
   * Reads the raw file once, writes the part and returns its header.
   * @param unique makes the name of the temporary file differ from that of any other attempt
   */
  process(run: RunToProcess, unique: string): PartHeader {
    this.packer.setRun(run.state, run.axisValues, run.readings);
    const writer = new PartWriter(run.partFile, unique);
    try {
      const { facts, rows } = this.layout.mode === 'full' ? this.events(run, writer) : this.summary(run, writer);
      if (run.expectedSha256 !== undefined && facts.sha256 !== run.expectedSha256) throw changed(run, facts.sha256);
      const header = this.header(run, facts, rows);
      writer.commit(header);
      return header;
    } catch (error) {
      writer.discard();
      throw error;
    }
  }

  private summary(run: RunToProcess, writer: PartWriter): ProcessedRows {
    this.counter.reset();
    const facts = readRawFile(run.rawFile, [this.counter]);
    const columns: SummaryColumns = summarize(this.counter);
    writer.write(this.packer.pack(summaryRows(columns)));
    return { facts, rows: columns.rows };
  }

  private events(run: RunToProcess, writer: PartWriter): ProcessedRows {
    let rows = 0;
    const events = new EventColumns(this.dataFormat, (batch: EventBatch) => {
      rows += batch.rows;
      writer.write(this.packer.pack(eventRows(batch)));
    });
    const facts = readRawFile(run.rawFile, [events]);
    events.flush();
    return { facts, rows };
  }

  private header(run: RunToProcess, facts: RawFileFacts, rows: number): PartHeader {
    const { sha256, bytes, events, chips, truncatedBytes, corruptHalves } = facts;
    const { layout, dataFormat } = this;
    const { runKey, axisValues, readings } = run;
    return {
      key: partKey({ sha256, runKey, axisValues, readings, layout, dataFormat }),
      schema: layout.schema,
      rows,
      sha256,
      rawBytes: bytes,
      events,
      chips,
      truncatedBytes,
      corruptHalves,
      warnings: [...facts.warnings, ...chipWarnings(chipsOf(run.state), chips)],
    };
  }
}

interface ProcessedRows {
  readonly facts: RawFileFacts;
  readonly rows: number;
}

/** Chips that only the configuration or only the file knows. */
function chipWarnings(configured: ReadonlyMap<number, ConfigMap>, found: readonly number[]): readonly string[] {
  const silent = [...configured.keys()].filter((chip) => !found.includes(chip));
  const strange = configured.size === 0 ? [] : found.filter((chip) => !configured.has(chip));
  return [
    ...(silent.length === 0 ? [] : [`no records of configured chips: ${silent.join(', ')}`]),
    ...(strange.length === 0
      ? []
      : [`records of chips that are not configured: ${strange.join(', ')}; their configuration columns tell nothing`]),
  ];
}

function changed(run: RunToProcess, found: string): DatenraffinerieError {
  return new DatenraffinerieError(
    'DataError',
    `${run.rawFile} is not the file that was measured: sha256 ${found}, expected ${run.expectedSha256}`,
    { remedy: 'restore the file, or let the run be measured again' },
  );
}
