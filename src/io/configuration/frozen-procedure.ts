import { readFile } from 'node:fs/promises';
import { freezeProcedure, thawDaqProcedure, thawProcedure } from '../../domain/config/reading/freeze.js';
import type { AnalysisProcedure, DaqProcedure, Procedure } from '../../domain/config/procedure.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { makePlan } from '../../domain/scan/make-plan.js';
import type { ScanPlan } from '../../domain/scan/plan.js';
import type { FileReference } from '../../domain/scan/tasks.js';
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

/**
 * Writes a procedure with its calibrations laid on as one file that no later edit of the user's files changes.
 * @param lineage what the calibrations are, for people: comments at its head, which tables carry with them
 */
export async function writeFrozen(
  path: string,
  procedure: Procedure,
  name: string,
  calibrations: readonly ConfigMap[] = [],
  lineage: readonly string[] = [],
): Promise<FileReference> {
  const text = [...lineage.map((line) => `# ${line}\n`), freezeProcedure(procedure, calibrations, name)].join('');
  await writeFileAtomic(path, text);
  return { path, sha256: textSha256(text) };
}

/** The plan of a frozen DAQ procedure, with the very same run keys wherever it is made. */
export function loadDaqProcedure(file: FileReference, board: string | undefined): Promise<LoadedDaq> {
  const key = `${file.sha256} ${board ?? ''}`;
  const known = kept.get(key) ?? load(file, board);
  kept.delete(key);
  kept.set(key, known);
  known.catch(() => kept.delete(key));
  for (const oldest of [...kept.keys()].slice(0, -keptAtMost)) kept.delete(oldest);
  return known;
}

async function load(file: FileReference, board: string | undefined): Promise<LoadedDaq> {
  const text = await readReferenced(file);
  const procedure = thawDaqProcedure(text);
  return { procedure, text, plan: makePlan(procedure, [], { board }) };
}

export async function loadAnalysisProcedure(file: FileReference): Promise<AnalysisProcedure> {
  const procedure = thawProcedure(await readReferenced(file));
  if (procedure.type === 'analysis') return procedure;
  throw new DatenraffinerieError('ConfigError', `'${procedure.name}' is no analysis`);
}

/** The text of a file that must still be the one that was meant. */
export async function readReferenced({ path, sha256 }: FileReference): Promise<string> {
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
