import { join } from 'node:path';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { whyUnlike, type Unlike } from '../../domain/plan/unlike.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import { fileSha256, statIfExists } from '../files.js';
import type { Manifest } from './manifest.js';

/** Why a run must be measured (again). What is true of many runs is told in the same words of each. */
export interface Mismatch {
  readonly kind: 'unmeasured' | Unlike['kind'] | 'file';
  readonly text: string;
}

const unmeasured: Mismatch = { kind: 'unmeasured', text: 'not measured yet' };

/** The reason of one run, for people; undefined of one that was never measured: not worth telling one by one. */
export function tellMismatch(run: number, { kind, text }: Mismatch): string | undefined {
  if (kind === 'unmeasured') return undefined;
  return kind === 'file' ? text : `run ${run} ${text}`;
}

/** A run of the plan, compared with what is on disk. */
export interface ComparedRun {
  readonly run: number;
  readonly key: string;
  /** What is on record of it. */
  readonly line: ManifestLine | undefined;
  /** Undefined where what is on disk is what the plan wants. */
  readonly why: Mismatch | undefined;
  /** Time of the file where that is not on record, as in a copy or a backup: its content decides. */
  readonly touched?: Touched;
}

/** What is known of a file whose time is not the one on record. */
export interface Touched {
  /** ms. */
  readonly mtimeMs: number;
  /** Whether its content was read, and is what was measured. */
  readonly read: boolean;
}

/** Whether a file may be read now, of so many bytes; what may not is taken for what was measured. */
export type MayRead = (bytes: number) => boolean;

const readAll: MayRead = () => true;

/** The runs of a plan from `from` on, each compared with the manifest when it is asked for. */
export async function* compareRuns(
  manifest: Manifest,
  plan: ScanPlan,
  { from = 0, mayRead = readAll }: { readonly from?: number; readonly mayRead?: MayRead } = {},
): AsyncGenerator<ComparedRun> {
  for (let run = from; run < plan.runs; run++) {
    const line = await manifest.line(run);
    yield { run, key: plan.key(run), line, ...(await fitOf(manifest, plan, line, mayRead)) };
  }
}

type Fit = Pick<ComparedRun, 'why' | 'touched'>;

/** Compares key and size, and time or content; `process` compares the sha256 of all. */
async function fitOf(
  manifest: Manifest,
  plan: ScanPlan,
  line: ManifestLine | undefined,
  mayRead: MayRead,
): Promise<Fit> {
  if (line === undefined) return { why: unmeasured };
  const unlike = whyUnlike(plan, line);
  return unlike === undefined ? fileFit(manifest.folder, line, mayRead) : { why: unlike };
}

/** Why a raw file is not the one that was measured, by its content; reads all of it. */
export async function whyRejectContent(manifest: Manifest, run: number): Promise<Mismatch | undefined> {
  const line = await manifest.line(run);
  if (line === undefined || (await fileSha256(join(manifest.folder, line.file))) === line.sha256) return undefined;
  return wrongFile(line, 'has another sha256 than the file that was measured');
}

/** The line of a run that was measured as, and where, the plan wants it; another one does not count. */
export async function measuredLine(manifest: Manifest, plan: ScanPlan, run: number): Promise<ManifestLine | undefined> {
  const line = await manifest.line(run);
  return line !== undefined && whyUnlike(plan, line) === undefined ? line : undefined;
}

/** Whether a raw file is the one that was measured: by size and time, and where only the time differs by its content. */
export async function fileFit(folder: string, line: ManifestLine, mayRead: MayRead = readAll): Promise<Fit> {
  const path = join(folder, line.file);
  const found = await statIfExists(path);
  if (found === undefined) return { why: wrongFile(line, 'is missing') };
  const { size, mtimeMs } = found;
  if (size !== line.bytes) return { why: wrongFile(line, `has ${size} bytes where ${line.bytes} were written`) };
  if (Math.abs(mtimeMs - line.mtimeMs) <= 1) return { why: undefined };
  if (!mayRead(size)) return { why: undefined, touched: { mtimeMs, read: false } };
  if ((await fileSha256(path)) === line.sha256) return { why: undefined, touched: { mtimeMs, read: true } };
  return { why: wrongFile(line, 'was changed after it was measured') };
}

function wrongFile({ file }: ManifestLine, how: string): Mismatch {
  return { kind: 'file', text: `${file} ${how}` };
}
