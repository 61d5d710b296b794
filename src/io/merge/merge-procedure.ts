import { join } from 'node:path';
import { configJson } from '../../domain/config/config-json.js';
import type { MergeOutcome, MergeTask } from '../../domain/scan/tasks.js';
import { exists, fileSha256, removeIfExists } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import type { WrittenTable } from '../hdf5/table-file-writer.js';
import type { FileMetadata } from '../hdf5/table-metadata.js';
import { Manifest } from '../output/manifest.js';
import { mergeParts, type RunPart } from './table-merger.js';
import { readPartHeader } from '../process/part-reader.js';
import { tableLayout } from '../process/process-range.js';
import { partialTablePath, partName, runTableName, tablePath } from '../output/paths.js';
import {
  ProvenanceRecord,
  readProvenance,
  type TableKey,
  writeProvenance,
  type Provenance,
} from '../output/provenance.js';
import { measuredLine } from '../output/reuse.js';
import { software } from '../software.js';

/** What a merge needs besides its task. */
export interface MergeParts {
  readonly loaded: LoadedDaq;
  readonly signal: AbortSignal;
  readonly onRun: (run: number) => void;
}

/** Puts the parts of all runs together; without `merge`, a table per run. Does nothing where that has been done. */
export async function mergeProcedure(task: MergeTask, parts: MergeParts): Promise<MergeOutcome> {
  const folder = join(task.context.output, task.name);
  const manifest = await Manifest.open(folder);
  try {
    const record = await collect(task, parts.loaded, manifest);
    const provenance = await record.finish();
    const { merge } = parts.loaded.procedure;
    const output = merge ? tablePath(folder) : folder;
    const quarantined = provenance.quarantined.length;
    const done = merge ? await alreadyMerged(folder, record.key, provenance) : undefined;
    if (done !== undefined) return { output, quarantined, ...done };
    const written = merge ? await mergeAll(output, task, parts, manifest) : await tablePerRun(task, parts, manifest);
    return await keepOutcome(folder, output, provenance, written);
  } finally {
    await manifest.close();
  }
}

/** Writes what is to be said of the table beside it; `null` stands for a table per run. */
export async function keepOutcome(
  folder: string,
  output: string,
  provenance: Provenance,
  written: WrittenTable | null,
): Promise<MergeOutcome> {
  const table = written === null ? null : { path: output, sha256: written.sha256, rows: written.rows };
  await writeProvenance(folder, { ...provenance, table });
  if (table !== null) await removeIfExists(partialTablePath(folder));
  const quarantined = provenance.quarantined.length;
  return { output, sha256: table?.sha256 ?? null, rows: table?.rows ?? 0, quarantined };
}

async function mergeAll(output: string, task: MergeTask, parts: MergeParts, manifest: Manifest): Promise<WrittenTable> {
  return mergeParts(runParts(parts, manifest), output, metadataOf(task, parts.loaded), {
    schema: tableLayout(parts.loaded, manifest.folder).schema,
    signal: parts.signal,
  });
}

async function tablePerRun(task: MergeTask, parts: MergeParts, manifest: Manifest): Promise<null> {
  const metadata = metadataOf(task, parts.loaded);
  for await (const part of runParts(parts, manifest)) {
    await mergeParts([part], join(manifest.folder, runTableName(part.run)), metadata, { signal: parts.signal });
  }
  return null;
}

/** Parts of the measured runs, in order. */
async function* runParts({ loaded, onRun }: MergeParts, manifest: Manifest): AsyncGenerator<RunPart> {
  for (let run = 0; run < loaded.plan.runs; run++) {
    if ((await measuredLine(manifest, loaded.plan, run)) === undefined) continue;
    onRun(run);
    yield runPart(loaded, manifest.folder, run);
  }
}

export function runPart({ plan }: LoadedDaq, folder: string, run: number): RunPart {
  return { run, patch: configJson(plan.patch(run)), path: join(folder, partName(run)) };
}

/** What stands in the table about where it comes from. */
export function metadataOf(
  { context, name }: Pick<MergeTask, 'context' | 'name'>,
  { procedure, plan, text }: LoadedDaq,
): FileMetadata {
  const { stand, board, comment } = context;
  return {
    procedure: name,
    mode: procedure.mode,
    axes: plan.axes,
    stand,
    ...(board === undefined ? {} : { board }),
    ...(comment === undefined ? {} : { comment }),
    configuration: text,
    software,
  };
}

async function collect(task: MergeTask, loaded: LoadedDaq, manifest: Manifest): Promise<ProvenanceRecord> {
  const record = new ProvenanceRecord(task, loaded);
  for (let run = 0; run < loaded.plan.runs; run++) {
    const line = await measuredLine(manifest, loaded.plan, run);
    if (line !== undefined) record.add(line, readPartHeader(join(manifest.folder, partName(run))).key);
  }
  return record;
}

/** The table that is there, if it was made of the very same parts and is still what was written. */
async function alreadyMerged(
  folder: string,
  key: TableKey,
  now: Provenance,
): Promise<{ sha256: string; rows: number } | undefined> {
  const before = await readProvenance(folder);
  if (before === undefined || !(await exists(tablePath(folder)))) return undefined;
  if (!key.isOf(before, now) || before.table === null) return undefined;
  if ((await fileSha256(tablePath(folder))) !== before.table.sha256) return undefined;
  return { sha256: before.table.sha256, rows: before.table.rows };
}
