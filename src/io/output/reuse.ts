import { join } from 'node:path';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { ScanPlan } from '../../domain/scan/plan.js';
import { fileSha256, statIfExists } from '../files.js';
import type { Manifest } from './manifest.js';

/** The reason of runs that were never measured: not worth telling one by one. */
export const notMeasured = 'not measured yet';

/** A run of the plan, compared with what is on disk. */
export interface ComparedRun {
  readonly run: number;
  readonly key: string;
  /** Why it must be measured (again); undefined where what is on disk is what the plan wants. */
  readonly why: string | undefined;
}

/** The runs of a plan from `from` on, each compared with the manifest when it is asked for. */
export async function* compareRuns(manifest: Manifest, plan: ScanPlan, from = 0): AsyncGenerator<ComparedRun> {
  for (let run = from; run < plan.runs; run++) {
    const key = plan.key(run);
    yield { run, key, why: manifest.has(run) ? await whyMeasure(manifest, run, key) : notMeasured };
  }
}

/** Compares key, size and time; `process` compares the sha256. */
async function whyMeasure(manifest: Manifest, run: number, key: string): Promise<string | undefined> {
  const line = await manifest.line(run);
  if (line === undefined) return notMeasured;
  if (line.key !== key) return `run ${run} was measured with another configuration`;
  return whyRejectFile(manifest.folder, line);
}

/** Why a raw file is not the one that was measured, by its content; reads all of it. */
export async function whyRejectContent(manifest: Manifest, run: number): Promise<string | undefined> {
  const line = await manifest.line(run);
  if (line === undefined) return undefined;
  const found = await fileSha256(join(manifest.folder, line.file));
  return found === line.sha256 ? undefined : `${line.file} has another sha256 than the file that was measured`;
}

/** The line of a run that was measured as the plan wants it; one with another configuration does not count. */
export async function measuredLine(manifest: Manifest, plan: ScanPlan, run: number): Promise<ManifestLine | undefined> {
  const line = await manifest.line(run);
  return line?.key === plan.key(run) ? line : undefined;
}

/** Why a raw file is not the one that was measured, by size and time. */
export async function whyRejectFile(folder: string, line: ManifestLine): Promise<string | undefined> {
  const found = await statIfExists(join(folder, line.file));
  if (found === undefined) return `${line.file} is missing`;
  if (found.size !== line.bytes) return `${line.file} has ${found.size} bytes where ${line.bytes} were written`;
  if (Math.abs(found.mtimeMs - line.mtimeMs) > 1) return `${line.file} was changed after it was measured`;
  return undefined;
}
