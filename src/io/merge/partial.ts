import { join } from 'node:path';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { makePlan } from '../../domain/plan/make-plan.js';
import { originOf, type ScanContext } from '../../domain/scan/tasks.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { exists, readIfExists, statIfExists } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { Manifest } from '../output/manifest.js';
import { proceduresIn } from '../output/output-folder.js';
import { manifestName, partialNamesake, partialTablePath, procedureName, tablePath } from '../output/paths.js';
import { readProvenance } from '../output/provenance.js';
import { measuredLine } from '../output/reuse.js';
import { isMade, partKeyOf, tableLayout } from '../process/process-range.js';
import { metadataOf, runPart } from './merge-procedure.js';
import { mergeParts, type RunPart } from './table-merger.js';

/**
 * Tables of what there is, for procedures of a scan that ended before all of their runs were measured:
 * `PROCEDURE.partial.h5`, with the columns of the whole table. Nothing reads them but people; the whole table takes
 * their place.
 */
export async function writePartialTables(context: ScanContext, signal: AbortSignal): Promise<void> {
  for (const name of await proceduresIn(context.output)) await writePartial(context, name, signal);
}

async function writePartial(context: ScanContext, name: string, signal: AbortSignal): Promise<void> {
  const folder = join(context.output, name);
  const text = await readIfExists(join(folder, procedureName));
  if (text === undefined || !(await isWanting(folder))) return;
  const procedure = thawDaqProcedure(text);
  if (!procedure.merge) return;
  const loaded: LoadedDaq = { procedure, text, plan: makePlan(procedure, [], originOf(context)) };
  const manifest = await Manifest.open(folder);
  try {
    const measured = await measuredRuns(loaded, manifest);
    if (measured.length === 0 || (await isWhole(folder, measured.length))) return;
    const layout = tableLayout(loaded, folder);
    const parts = await partsOf(loaded, layout, manifest, measured);
    if (parts.length === 0) return;
    const metadata = metadataOf({ context, name }, loaded);
    await mergeParts(parts, partialTablePath(folder), metadata, { schema: layout.schema, signal });
  } finally {
    await manifest.close();
  }
}

/** Whether there may be something new to show; another procedure may have that name. */
async function isWanting(folder: string): Promise<boolean> {
  const measured = await statIfExists(join(folder, manifestName));
  if (measured === undefined || (await exists(partialNamesake(folder)))) return false;
  const made = await statIfExists(partialTablePath(folder));
  return made === undefined || made.mtimeMs < measured.mtimeMs;
}

/** Whether the table has as many runs as are measured by now: then it is the whole one. */
async function isWhole(folder: string, measured: number): Promise<boolean> {
  const provenance = await readProvenance(folder);
  if (provenance?.table == null || provenance.measured !== measured) return false;
  return exists(tablePath(folder));
}

/** Of the plan, in its order. */
async function measuredRuns({ plan }: LoadedDaq, manifest: Manifest): Promise<number[]> {
  const runs: number[] = [];
  for (let run = 0; run < plan.runs; run++) if ((await measuredLine(manifest, plan, run)) !== undefined) runs.push(run);
  return runs;
}

/** Processing may have been cut short, too, and parts of an earlier configuration are none of these. */
async function partsOf(
  loaded: LoadedDaq,
  layout: TableLayout,
  manifest: Manifest,
  measured: readonly number[],
): Promise<RunPart[]> {
  const parts: RunPart[] = [];
  for (const run of measured) {
    const line = await manifest.line(run);
    const part = runPart(loaded, manifest.folder, run);
    if (line !== undefined && (await isMade(part.path, partKeyOf(loaded, layout, line)))) parts.push(part);
  }
  return parts;
}
