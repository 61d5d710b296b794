/**
 * Room: raw files to parts of a table, in threads.
 * May use: domain/*, io, io/configuration, io/output, io/threads.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { registerRange } from '../../domain/config/registers/registers.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { keepNotes, noted, type Note } from '../../domain/scan/notes.js';
import type { ProcessOutcome } from '../../domain/scan/tasks.js';
import { buildTableLayout } from '../../domain/table/build-layout.js';
import type { IntegerTypes } from '../../domain/table/column-type.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { withReadingColumns } from '../../domain/table/reading-columns.js';
import { exists, moveAside } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { Manifest } from '../output/manifest.js';
import { readPartHeader } from './part-reader.js';
import { partKey } from './part.js';
import type { PatchedRun } from './process-job.js';
import type { ProcessingPool, RunOutcome } from './processing-pool.js';
import { partName, partsFolder, supersededPath } from '../output/paths.js';
import { integerTypes } from './integer-types.js';
import { readingNames } from '../output/reading-names.js';
import { measuredLine } from '../output/reuse.js';

/** Runs handed to the threads at a time: memory stays flat whatever the length of the range. */
const batchRuns = 256;

export interface RangeToProcess {
  readonly loaded: LoadedDaq;
  readonly folder: string;
  readonly from: number;
  readonly to: number;
  readonly signal: AbortSignal;
  readonly onRun: () => void;
}

/** Columns of a procedure's table; the same wherever and whenever it is asked, once its first run was measured. */
export function tableLayout(
  { procedure, plan }: LoadedDaq,
  folder: string,
  integers: IntegerTypes = integerTypes(folder),
): TableLayout {
  const { mode, dataColumns, axes } = procedure;
  const { layout } = buildTableLayout({
    mode,
    dataColumns,
    startState: plan.startState,
    axes,
    ranges: registerRange,
    integers,
  });
  return withReadingColumns(layout, readingNames(folder) ?? []);
}

/**
 * Makes the parts of a range of runs; runs that were not measured as planned (quarantined ones) have none. A raw file
 * that is not what the manifest says is moved to `raw/superseded`, so that it is measured again.
 */
export async function processRange(pool: ProcessingPool, range: RangeToProcess): Promise<ProcessOutcome> {
  await mkdir(join(range.folder, partsFolder), { recursive: true });
  const manifest = await Manifest.open(range.folder);
  try {
    const work = new RangeWork(pool, range, manifest, tableLayout(range.loaded, range.folder));
    for (let first = range.from; first < range.to; first += batchRuns) {
      range.signal.throwIfAborted();
      await work.batch(first, Math.min(range.to, first + batchRuns));
    }
    return work.outcome();
  } finally {
    await manifest.close();
  }
}

class RangeWork {
  private processed = 0;
  private reused = 0;
  private damaged = 0;
  private notes: readonly Note[] = [];

  constructor(
    private readonly pool: ProcessingPool,
    private readonly range: RangeToProcess,
    private readonly manifest: Manifest,
    private readonly layout: TableLayout,
  ) {}

  outcome(): ProcessOutcome {
    const { processed, reused, damaged, notes } = this;
    return { processed, reused, damaged, ...noted(notes) };
  }

  async batch(from: number, to: number): Promise<void> {
    const runs: PatchedRun[] = [];
    for (let run = from; run < to; run++) {
      const line = await measuredLine(this.manifest, this.range.loaded.plan, run);
      if (line !== undefined) runs.push(...(await this.pending(run, line)));
    }
    const { procedure, plan } = this.range.loaded;
    const context = { layout: this.layout, dataFormat: procedure.dataFormat, startState: plan.startState };
    const outcomes = await this.pool.process(context, runs, { signal: this.range.signal, onRun: this.range.onRun });
    for (const outcome of outcomes) await this.count(outcome, runs[outcome.index]);
  }

  /** The run, unless its part is there and made of the same file in the same way. */
  private async pending(run: number, line: ManifestLine): Promise<PatchedRun[]> {
    const { folder, loaded } = this.range;
    const { plan } = loaded;
    const partFile = join(folder, partName(run));
    if (await isMade(partFile, partKeyOf(loaded, this.layout, line))) {
      this.reused++;
      return [];
    }
    const rawFile = join(folder, line.file);
    const from = { rawFile, partFile, runKey: line.key, expectedSha256: line.sha256, readings: line.readings };
    return [{ ...from, patch: plan.patch(run), axisValues: plan.axisValues(run) }];
  }

  private async count(outcome: RunOutcome, run: PatchedRun): Promise<void> {
    if ('header' in outcome) {
      this.processed++;
      for (const warning of outcome.header.warnings) this.note({ kind: 'warning', text: `${run.rawFile}: ${warning}` });
      return;
    }
    const { error } = outcome;
    if (!(error instanceof DatenraffinerieError) || error.type !== 'DataError') throw error;
    this.damaged++;
    this.note({ kind: 'damaged', text: error.message });
    if (await exists(run.rawFile)) await moveAside(run.rawFile, supersededPath(this.range.folder));
  }

  private note(note: Note): void {
    this.notes = keepNotes(this.notes, note);
  }
}

/** Key of the part that belongs to a measured run. */
export function partKeyOf({ plan, procedure }: LoadedDaq, layout: TableLayout, line: ManifestLine): string {
  const { run, sha256, key: runKey, readings } = line;
  const { dataFormat } = procedure;
  return partKey({ sha256, runKey, axisValues: plan.axisValues(run), readings, layout, dataFormat });
}

/** Whether a part is there, and was made in just that way. */
export async function isMade(partFile: string, key: string): Promise<boolean> {
  if (!(await exists(partFile))) return false;
  try {
    return readPartHeader(partFile).key === key;
  } catch {
    return false; // torn or foreign: made again
  }
}
