import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  originOf,
  type PreparedProcedure,
  type ScanContext,
  type OpenedDaq,
  type FileReference,
  type NetworkReference,
} from '../../domain/scan/tasks.js';
import { asPlanned, thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { countText } from '../../domain/quantities.js';
import { moveAside } from '../files.js';
import { readCalibration } from './calibration-files.js';
import { freezeDaqProcedure, readReferenced } from './frozen-procedure.js';
import { lineageOf } from './lineage.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { Manifest, ManifestWriter } from '../output/manifest.js';
import { WriterLock } from '../output/writer-lock.js';
import { loadNetwork } from './frozen-network.js';
import { procedureName, runsLockPath, supersededPath } from '../output/paths.js';
import { forgetReadingNames, keepReadingNames, readingNames } from '../output/reading-names.js';
import { compareRuns, tellMismatch, whyRejectContent, type ComparedRun, type Mismatch } from '../output/reuse.js';
import { keepNotes, noted, type Note } from '../../domain/scan/notes.js';
import type { ScanPlan } from '../../domain/plan/plan.js';

type Found = Omit<PreparedProcedure, 'file' | 'runs'>;

/**
 * Lays the calibrations on a procedure, freezes the result as what will be measured, and looks at what is there.
 * @param verify reads all raw files; one with another content than was measured is moved aside, to be measured again
 */
export async function prepareProcedure(
  context: ScanContext,
  procedure: OpenedDaq,
  calibrations: readonly FileReference[],
  verify = false,
): Promise<PreparedProcedure> {
  const folder = join(context.output, procedure.name);
  await mkdir(folder, { recursive: true });
  const opened = thawDaqProcedure(await readReferenced(procedure.file));
  const fragments = await Promise.all(calibrations.map(readCalibration));
  const lineage = calibrations.map((calibration) => lineageOf(context.output, calibration));
  const measured = asPlanned(opened, procedure.name, fragments);
  const path = join(folder, procedureName);
  const { file, plan } = await freezeDaqProcedure(path, measured, { origin: originOf(context), lineage });
  const reuse = await compareWithDisk(plan, folder, verify);
  await settleReadingNames(folder, reuse, context.network);
  return { file, runs: plan.runs, ...reuse };
}

/**
 * Before a run is measured: which slow readings are columns is open again where no run is kept; where runs are kept
 * that were measured without any, there will be none.
 */
async function settleReadingNames(folder: string, { reused }: Found, network: NetworkReference | null): Promise<void> {
  if (reused === 0) return forgetReadingNames(folder);
  if (network === null || readingNames(folder) !== undefined) return;
  if ((await loadNetwork(network)).slowReadings !== undefined) await keepReadingNames(folder, []);
}

/** Compares keys, sizes and times of all runs with the manifest, with `verify` contents too. */
async function compareWithDisk(plan: ScanPlan, folder: string, verify: boolean): Promise<Found> {
  const manifest = await Manifest.open(folder);
  try {
    const found = new Comparison(plan.runs, manifest.warnings);
    if (manifest.runs === 0) return { ...found.result(), next: 0 };
    for await (const compared of compareRuns(manifest, plan)) {
      const check = verify && compared.why === undefined;
      found.add(compared, check ? await removeDamaged(manifest, compared.run) : undefined);
    }
    await keepTimes(folder, found.touched);
    return found.result();
  } finally {
    await manifest.close();
  }
}

/** What a comparison has found so far. */
class Comparison {
  /** As they are to be put on record. */
  readonly touched: ManifestLine[] = [];
  private reused = 0;
  private unknown = 0;
  private notes: readonly Note[];

  constructor(
    private next: number,
    warnings: readonly string[],
  ) {
    this.notes = keepNotes(warnings.map((text): Note => ({ kind: 'warning', text })));
  }

  add({ run, line, why, touched }: ComparedRun, damage: Mismatch | undefined): void {
    const wrong = why ?? damage;
    if (wrong !== undefined) {
      this.next = Math.min(this.next, run);
      const text = tellMismatch(run, wrong);
      if (text !== undefined) this.notes = keepNotes(this.notes, { kind: damage ? 'damaged' : 'again', text });
      return;
    }
    this.reused++;
    if (line?.stand === undefined) this.unknown++;
    if (line !== undefined && touched !== undefined) this.touched.push({ ...line, mtimeMs: touched.mtimeMs });
  }

  result(): Found {
    const { reused, next, unknown } = this;
    const origin: readonly Note[] = unknown > 0 ? [{ kind: 'origin', text: unknownStand(unknown) }] : [];
    return { reused, next, ...noted(keepNotes(this.notes, ...origin)) };
  }
}

/** Files of a copy or a backup that hold what was measured: their times are put on record, so that they are read once. */
async function keepTimes(folder: string, lines: readonly ManifestLine[]): Promise<void> {
  if (lines.length === 0) return;
  const lock = await WriterLock.take(runsLockPath(folder), new AbortController().signal);
  try {
    const { writer } = await ManifestWriter.open(folder);
    for (const line of lines) writer.append(line);
    await writer.close();
  } finally {
    await lock.release();
  }
}

function unknownStand(runs: number): string {
  return `${countText(runs, 'run')} of version 2.0.0, which did not record the stand: taken for this stand's`;
}

/** Moves a raw file aside whose content is not what was measured. @returns what is wrong with it */
async function removeDamaged(manifest: Manifest, run: number): Promise<Mismatch | undefined> {
  const why = await whyRejectContent(manifest, run);
  const line = why === undefined ? undefined : await manifest.line(run);
  if (line !== undefined) await moveAside(join(manifest.folder, line.file), supersededPath(manifest.folder));
  return why;
}
