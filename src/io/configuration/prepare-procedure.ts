import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PreparedProcedure, ScanContext, OpenedDaq, FileReference } from '../../domain/scan/tasks.js';
import { asPlanned, thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { moveAside } from '../files.js';
import { readCalibration } from './calibration-files.js';
import { freezeDaqProcedure, readReferenced } from './frozen-procedure.js';
import { lineageOf } from './lineage.js';
import { Manifest } from '../output/manifest.js';
import { readNetwork } from './network-reader.js';
import { procedureName, supersededPath } from '../output/paths.js';
import { forgetReadingNames, keepReadingNames, readingNames } from '../output/reading-names.js';
import { compareRuns, tellMismatch, whyRejectContent, type Mismatch } from '../output/reuse.js';
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
  const { file, plan } = await freezeDaqProcedure(path, measured, { board: context.board, lineage });
  const reuse = await compareWithDisk(plan, folder, verify);
  await settleReadingNames(folder, reuse, context.network);
  return { file, runs: plan.runs, ...reuse };
}

/**
 * Before a run is measured: which slow readings are columns is open again where no run is kept; where runs are kept
 * that were measured without any, there will be none.
 */
async function settleReadingNames(folder: string, { reused }: Found, network: FileReference | null): Promise<void> {
  if (reused === 0) return forgetReadingNames(folder);
  if (network === null || readingNames(folder) !== undefined) return;
  if ((await readNetwork(network.path)).slowReadings !== undefined) await keepReadingNames(folder, []);
}

/** Compares keys, sizes and times of all runs with the manifest, with `verify` contents too. */
async function compareWithDisk(plan: ScanPlan, folder: string, verify: boolean): Promise<Found> {
  const manifest = await Manifest.open(folder);
  try {
    let reused = 0;
    let next = plan.runs;
    let notes = keepNotes(manifest.warnings.map((text): Note => ({ kind: 'warning', text })));
    if (manifest.runs === 0) return { reused, next: 0, ...noted(notes) };
    for await (const compared of compareRuns(manifest, plan)) {
      const { run } = compared;
      const damage = verify && compared.why === undefined ? await removeDamaged(manifest, run) : undefined;
      const why = compared.why ?? damage;
      if (why === undefined) reused++;
      else next = Math.min(next, run);
      const text = why === undefined ? undefined : tellMismatch(run, why);
      if (text !== undefined) notes = keepNotes(notes, { kind: damage === undefined ? 'again' : 'damaged', text });
    }
    return { reused, next, ...noted(notes) };
  } finally {
    await manifest.close();
  }
}

/** Moves a raw file aside whose content is not what was measured. @returns what is wrong with it */
async function removeDamaged(manifest: Manifest, run: number): Promise<Mismatch | undefined> {
  const why = await whyRejectContent(manifest, run);
  const line = why === undefined ? undefined : await manifest.line(run);
  if (line !== undefined) await moveAside(join(manifest.folder, line.file), supersededPath(manifest.folder));
  return why;
}
