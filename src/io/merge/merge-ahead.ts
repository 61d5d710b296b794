import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { MergeOutcome, MergeTask } from '../../domain/scan/tasks.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { FailureLog } from '../output/failure-log.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { Manifest } from '../output/manifest.js';
import { TableMerger } from './table-merger.js';
import { keepOutcome, metadataOf, runPart, type MergeParts } from './merge-procedure.js';
import { isMade, partKeyOf, tableLayout } from '../process/process-range.js';
import { partName, tablePath } from '../output/paths.js';
import { ProvenanceRecord } from '../output/provenance.js';
import { fileFit, measuredLine } from '../output/reuse.js';

const pollMs = 250;

/** What a merge that goes ahead needs; `signal` ends it at once. */
export interface AheadParts extends MergeParts {
  /** Aborted when no more runs will come: what is there is still added, nothing is waited for any more. */
  readonly lastCall: AbortSignal;
}

/**
 * Makes the table of a procedure that is still being measured: takes the parts in the order of the plan as they come,
 * so that little is left to do after the last run. The same bytes as `mergeProcedure` makes.
 * @returns null, with nothing left behind, where not all runs came or a part that was taken has been made again
 */
export async function mergeAhead(task: MergeTask, parts: AheadParts): Promise<MergeOutcome | null> {
  const { loaded, signal } = parts;
  const folder = join(task.context.output, task.name);
  const layout = tableLayout(loaded, folder);
  const options = { schema: layout.schema, signal };
  const merger = new TableMerger(tablePath(folder), metadataOf(task, loaded), options);
  const runs = await ComingRuns.open(folder, task.context.firstRunId, loaded, layout);
  try {
    const record = new ProvenanceRecord(task, loaded);
    if (!(await addAll(runs, merger, record, parts)) || !runs.unchanged()) {
      await merger.discard();
      return null;
    }
    const provenance = await record.finish();
    return await keepOutcome(folder, tablePath(folder), provenance, await merger.finish());
  } catch (error) {
    await merger.discard();
    throw error;
  } finally {
    await runs.close();
  }
}

/** @returns whether every run of the plan came */
async function addAll(runs: ComingRuns, merger: TableMerger, record: ProvenanceRecord, parts: AheadParts) {
  const { loaded, lastCall, signal, onRun } = parts;
  let called = false;
  for (let run = 0; run < loaded.plan.runs; run++) {
    if (lastCall.aborted && !called) {
      if (!(await runs.isThere(loaded.plan.runs - 1))) return false; // given up in mid-scan
      called = true;
    }
    const settled = await runs.wait(run, lastCall, signal);
    if (settled === undefined) return false;
    onRun(run);
    if (settled === 'left out') continue;
    await merger.add(runPart(loaded, runs.folder, run));
    record.add(settled.line, settled.key);
  }
  return true;
}

/** A run that nothing more will happen to: its manifest line and the key of its part, or it is quarantined. */
type SettledRun = { readonly line: ManifestLine; readonly key: string } | 'left out';

/** The runs of a procedure as they come to the disk. */
class ComingRuns {
  /** Modification times in ms of the parts that were taken, 0 for runs that have none. */
  private readonly taken: Float64Array;

  private constructor(
    readonly folder: string,
    private readonly scan: string,
    private readonly loaded: LoadedDaq,
    private readonly layout: TableLayout,
    private readonly manifest: Manifest,
    private failures: FailureLog,
  ) {
    this.taken = new Float64Array(loaded.plan.runs);
  }

  static async open(folder: string, scan: string, loaded: LoadedDaq, layout: TableLayout): Promise<ComingRuns> {
    const failures = await FailureLog.open(folder, scan);
    return new ComingRuns(folder, scan, loaded, layout, await Manifest.open(folder), failures);
  }

  async isThere(run: number): Promise<boolean> {
    await this.refresh();
    return (await this.look(run)) !== undefined;
  }

  /** Waits for a run, after the last call no more; undefined where it did not come. */
  async wait(run: number, lastCall: AbortSignal, signal: AbortSignal): Promise<SettledRun | undefined> {
    let settled = await this.look(run);
    for (let last = false; settled === undefined && !last;) {
      last = lastCall.aborted;
      if (!last) await delay(pollMs, undefined, { signal: lastCall }).catch(() => undefined);
      signal.throwIfAborted();
      await this.refresh();
      settled = await this.look(run);
    }
    return settled;
  }

  /** Whether all parts that were taken are still the same files. */
  unchanged(): boolean {
    return this.taken.every((time, run) => time === 0 || modified(join(this.folder, partName(run))) === time);
  }

  close(): Promise<void> {
    return this.manifest.close();
  }

  private async refresh(): Promise<void> {
    await this.manifest.refresh();
    this.failures = await FailureLog.open(this.folder, this.scan);
  }

  private async look(run: number): Promise<SettledRun | undefined> {
    const { folder, manifest, loaded, layout } = this;
    const { plan } = loaded;
    const line = await measuredLine(manifest, plan, run);
    if (line === undefined) return this.failures.quarantined(run, plan.key(run)) === undefined ? undefined : 'left out';
    if ((await fileFit(folder, line)).why !== undefined) return undefined; // will be measured again
    const key = partKeyOf(loaded, layout, line);
    const part = join(folder, partName(run));
    this.taken[run] = modified(part); // before it is read: a later change is seen
    return (await isMade(part, key)) ? { line, key } : undefined;
  }
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
