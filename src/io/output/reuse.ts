import { join } from 'node:path';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { fileSha256, statIfExists } from '../files.js';
import type { Manifest } from './manifest.js';

/** Why a run must be measured (again). What is true of many runs is told in the same words of each. */
export interface Mismatch {
  readonly kind: 'unmeasured' | 'configuration' | 'file';
  readonly text: string;
}

const unmeasured: Mismatch = { kind: 'unmeasured', text: 'not measured yet' };
const otherConfiguration: Mismatch = { kind: 'configuration', text: 'was measured with another configuration' };

/** The reason of one run, for people; undefined of one that was never measured: not worth telling one by one. */
export function tellMismatch(run: number, { kind, text }: Mismatch): string | undefined {
  if (kind === 'unmeasured') return undefined;
  return kind === 'configuration' ? `run ${run} ${text}` : text;
}

/** A run of the plan, compared with what is on disk. */
export interface ComparedRun {
  readonly run: number;
  readonly key: string;
  /** Undefined where what is on disk is what the plan wants. */
  readonly why: Mismatch | undefined;
}

/** The runs of a plan from `from` on, each compared with the manifest when it is asked for. */
export async function* compareRuns(manifest: Manifest, plan: ScanPlan, from = 0): AsyncGenerator<ComparedRun> {
  for (let run = from; run < plan.runs; run++) {
    const key = plan.key(run);
    yield { run, key, why: await whyMeasure(manifest, run, key) };
  }
}

/** Compares key, size and time; `process` compares the sha256. */
async function whyMeasure(manifest: Manifest, run: number, key: string): Promise<Mismatch | undefined> {
  const line = await manifest.line(run);
  if (line === undefined) return unmeasured;
  return line.key === key ? whyRejectFile(manifest.folder, line) : otherConfiguration;
}

/** Why a raw file is not the one that was measured, by its content; reads all of it. */
export async function whyRejectContent(manifest: Manifest, run: number): Promise<Mismatch | undefined> {
  const line = await manifest.line(run);
  if (line === undefined || (await fileSha256(join(manifest.folder, line.file))) === line.sha256) return undefined;
  return wrongFile(line, 'has another sha256 than the file that was measured');
}

/** The line of a run that was measured as the plan wants it; one with another configuration does not count. */
export async function measuredLine(manifest: Manifest, plan: ScanPlan, run: number): Promise<ManifestLine | undefined> {
  const line = await manifest.line(run);
  return line?.key === plan.key(run) ? line : undefined;
}

/** Why a raw file is not the one that was measured, by size and time. */
export async function whyRejectFile(folder: string, line: ManifestLine): Promise<Mismatch | undefined> {
  const found = await statIfExists(join(folder, line.file));
  if (found === undefined) return wrongFile(line, 'is missing');
  if (found.size !== line.bytes) return wrongFile(line, `has ${found.size} bytes where ${line.bytes} were written`);
  return Math.abs(found.mtimeMs - line.mtimeMs) > 1 ? wrongFile(line, 'was changed after it was measured') : undefined;
}

function wrongFile({ file }: ManifestLine, how: string): Mismatch {
  return { kind: 'file', text: `${file} ${how}` };
}
