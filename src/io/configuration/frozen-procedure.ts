import { readFile } from 'node:fs/promises';
import { freezeProcedure, thawDaqProcedure, thawProcedure } from '../../domain/config/reading/freeze.js';
import type { AnalysisProcedure, DaqProcedure, Procedure } from '../../domain/config/procedure.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { makePlan } from '../../domain/plan/make-plan.js';
import type { Origin } from '../../domain/scan/origin.js';
import type { ScanPlan } from '../../domain/plan/plan.js';
import type { FileReference } from '../../domain/scan/tasks.js';
import { outputRoots, requireWithin } from '../rights/roots.js';
import { isMissing, textSha256, writeFileAtomic } from '../files.js';

/** A DAQ procedure as it was frozen, and its plan. */
export interface LoadedDaq {
  readonly procedure: DaqProcedure;
  readonly plan: ScanPlan;
  /** The frozen text itself, for what is kept with the data. */
  readonly text: string;
}

/** Plans of a few procedures are kept: a scan asks for the same ones again and again. */
const kept = new Map<string, Promise<LoadedDaq>>();
const keptAtMost = 4;

/** Writes a procedure as one file that no later edit of the user's files changes. */
export async function writeFrozen(path: string, procedure: Procedure): Promise<FileReference> {
  return writeText(path, freezeProcedure(procedure));
}

/**
 * Writes what will be measured, as `writeFrozen` does, and plans it. This process need not read it again.
 * @param lineage what the calibrations laid on it are, for people: comments at its head, which tables carry with them
 */
export async function freezeDaqProcedure(
  path: string,
  procedure: DaqProcedure,
  { origin, lineage }: { readonly origin: Origin; readonly lineage: readonly string[] },
): Promise<LoadedDaq & { readonly file: FileReference }> {
  const text = [...lineage.map((line) => `# ${line}\n`), freezeProcedure(procedure)].join('');
  const loaded = { procedure, text, plan: makePlan(procedure, [], origin) };
  const file = await writeText(path, text);
  keep(keyOf(file, origin), Promise.resolve(loaded));
  return { ...loaded, file };
}

async function writeText(path: string, text: string): Promise<FileReference> {
  await writeFileAtomic(path, text);
  return { path, sha256: textSha256(text) };
}

/** The plan of a frozen DAQ procedure, with the very same run keys wherever it is made. */
export function loadDaqProcedure(file: FileReference, origin: Origin): Promise<LoadedDaq> {
  const key = keyOf(file, origin);
  const known = kept.get(key) ?? load(file, origin);
  keep(key, known);
  known.catch(() => kept.delete(key));
  return known;
}

function keyOf({ sha256 }: FileReference, { board, stand, any }: Origin): string {
  return JSON.stringify([sha256, board, stand, any]);
}

/** Keeps it as the latest, and the oldest no longer. */
function keep(key: string, loaded: Promise<LoadedDaq>): void {
  kept.delete(key);
  kept.set(key, loaded);
  for (const oldest of [...kept.keys()].slice(0, -keptAtMost)) kept.delete(oldest);
}

async function load(file: FileReference, origin: Origin): Promise<LoadedDaq> {
  const text = await readReferenced(file);
  const procedure = thawDaqProcedure(text);
  return { procedure, text, plan: makePlan(procedure, [], origin) };
}

export async function loadAnalysisProcedure(file: FileReference): Promise<AnalysisProcedure> {
  const procedure = thawProcedure(await readReferenced(file));
  if (procedure.type === 'analysis') return procedure;
  throw new DatenraffinerieError('ConfigError', `'${procedure.name}' is no analysis`);
}

/** The text of a file that must still be the one that was meant. */
export async function readReferenced({ path, sha256 }: FileReference): Promise<string> {
  await requireWithin(outputRoots, path);
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (!isMissing(error)) throw error;
    throw new DatenraffinerieError('StorageError', `${path} is missing`, {
      remedy: 'is the share mounted on this host?',
      cause: error,
    });
  });
  if (textSha256(text) === sha256) return text;
  throw new DatenraffinerieError('ConfigError', `${path} was changed while the scan used it`, {
    remedy: 'leave the files in the output folder alone; start the scan again',
  });
}
