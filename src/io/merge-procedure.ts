import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { configJson } from '../domain/config/config-json.js';
import type { ManifestLine } from '../domain/scan/manifest.js';
import type { MergeOutcome, MergeTask } from '../domain/scan/tasks.js';
import { FailureLog } from './failure-log.js';
import { fileSha256, readIfExists, statIfExists, writeFileAtomic } from './files.js';
import type { LoadedDaq } from './frozen-procedure.js';
import type { FileMetadata } from './hdf5/table-metadata.js';
import { Manifest } from './manifest.js';
import { mergeParts, type RunPart } from './merge.js';
import { readPartHeader } from './part-file.js';
import { partName, tableLayout } from './process-range.js';
import { software } from './software.js';

/** What a merge needs besides its task. */
export interface MergeParts {
  readonly loaded: LoadedDaq;
  readonly signal: AbortSignal;
  readonly onRun: (run: number) => void;
}

/** `provenance.json`: what would differ if the same data were processed again; the table holds the rest. */
interface Provenance {
  readonly table: { readonly path: string; readonly sha256: string; readonly rows: number } | null;
  /** Hash of the keys of all parts: the table need not be made again while it is the same. */
  readonly parts: string;
  readonly runs: number;
  readonly measured: number;
  readonly quarantined: readonly { readonly run: number; readonly reason: string }[];
  readonly shortRuns: number;
  readonly corruptHalves: number;
  readonly attempts: number;
  readonly firstStart: string | null;
  readonly lastEnd: string | null;
  readonly [fact: string]: unknown;
}

/** Puts the parts of all runs together; without `merge`, a table per run. Does nothing where that has been done. */
export async function mergeProcedure(task: MergeTask, parts: MergeParts): Promise<MergeOutcome> {
  const folder = join(task.context.output, task.name);
  const manifest = await Manifest.open(folder);
  try {
    const provenance = await collect(task, parts.loaded, manifest, folder);
    const { merge } = parts.loaded.procedure;
    const output = merge ? `${folder}.h5` : folder;
    const quarantined = provenance.quarantined.length;
    const done = merge ? await alreadyMerged(folder, provenance.parts) : undefined;
    if (done !== undefined) return { output, quarantined, ...done };
    const written = merge ? await mergeAll(output, task, parts, manifest) : await tablePerRun(task, parts, manifest);
    const table = written === null ? null : { path: output, sha256: written.sha256, rows: written.rows };
    await writeFileAtomic(join(folder, 'provenance.json'), `${JSON.stringify({ ...provenance, table }, null, 2)}\n`);
    return { output, sha256: table?.sha256 ?? null, rows: table?.rows ?? 0, quarantined };
  } finally {
    await manifest.close();
  }
}

async function mergeAll(output: string, task: MergeTask, parts: MergeParts, manifest: Manifest) {
  const { procedure, plan } = parts.loaded;
  return mergeParts(runParts(parts, manifest), output, metadataOf(task, parts.loaded), {
    schema: tableLayout(procedure, plan).schema,
    signal: parts.signal,
  });
}

async function tablePerRun(task: MergeTask, parts: MergeParts, manifest: Manifest): Promise<null> {
  const metadata = metadataOf(task, parts.loaded);
  for await (const part of runParts(parts, manifest)) {
    const name = `run_${String(part.run).padStart(5, '0')}.h5`;
    await mergeParts([part], join(manifest.folder, name), metadata, { signal: parts.signal });
  }
  return null;
}

/** Parts of the measured runs, in order. */
async function* runParts({ loaded, onRun }: MergeParts, manifest: Manifest): AsyncGenerator<RunPart> {
  for (let run = 0; run < loaded.plan.runs; run++) {
    if (!manifest.has(run)) continue;
    onRun(run);
    yield { run, patch: configJson(loaded.plan.patch(run)), path: join(manifest.folder, partName(run)) };
  }
}

function metadataOf({ context, name }: MergeTask, { procedure, plan, text }: LoadedDaq): FileMetadata {
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

async function collect(task: MergeTask, loaded: LoadedDaq, manifest: Manifest, folder: string): Promise<Provenance> {
  const failures = await FailureLog.open(folder, task.context.firstRunId);
  const hash = createHash('sha256');
  const lines = new LineFacts();
  for (let run = 0; run < loaded.plan.runs; run++) {
    const line = await manifest.line(run);
    if (line === undefined) continue;
    hash.update(`${run} ${readPartHeader(join(folder, partName(run))).key}\n`);
    lines.add(line);
  }
  const { scan, stand, board, comment, operator, firstRunId } = task.context;
  const about = { scan, firstRunId, workflowId: task.workflowId, stand, board, operator, comment };
  hash.update(JSON.stringify([stand, board, comment, software, loaded.text]));
  const reasonOf = (run: number): string => failures.quarantined(run, loaded.plan.key(run)) ?? '';
  return {
    ...about,
    software,
    host: hostname(),
    table: null,
    parts: hash.digest('hex'),
    runs: loaded.plan.runs,
    quarantined: failures
      .quarantinedRuns()
      .filter((run) => !manifest.has(run))
      .map((run) => ({ run, reason: reasonOf(run) })),
    failedTries: failures.triesIn(0, loaded.plan.runs),
    ...lines.facts(),
  };
}

/** Sums over the manifest's lines. */
class LineFacts {
  private measured = 0;
  private shortRuns = 0;
  private corruptHalves = 0;
  private attempts = 0;
  private firstStart: string | null = null;
  private lastEnd: string | null = null;

  add(line: ManifestLine): void {
    this.measured++;
    if (line.short === true) this.shortRuns++;
    this.corruptHalves += line.corruptHalves;
    this.attempts = Math.max(this.attempts, line.attempt);
    if (this.firstStart === null || line.start < this.firstStart) this.firstStart = line.start;
    if (this.lastEnd === null || line.end > this.lastEnd) this.lastEnd = line.end;
  }

  facts() {
    const { measured, shortRuns, corruptHalves, attempts, firstStart, lastEnd } = this;
    return { measured, shortRuns, corruptHalves, attempts, firstStart, lastEnd };
  }
}

/** The table that is there, if it was made of the very same parts and is still what was written. */
async function alreadyMerged(folder: string, parts: string): Promise<{ sha256: string; rows: number } | undefined> {
  const text = await readIfExists(join(folder, 'provenance.json'));
  if (text === undefined || (await statIfExists(`${folder}.h5`)) === undefined) return undefined;
  const before = JSON.parse(text) as Provenance;
  if (before.parts !== parts || before.table === null) return undefined;
  if ((await fileSha256(`${folder}.h5`)) !== before.table.sha256) return undefined;
  return { sha256: before.table.sha256, rows: before.table.rows };
}
