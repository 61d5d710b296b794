import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { DatenraffinerieError } from '../../domain/errors.js';
import { readJson } from '../checked-json.js';
import { exists, isTemporary, readIfExists, removeIfExists, writeFileAtomic } from '../files.js';
import { markerName, oldName, ownerName } from './paths.js';

const ownerSchema = z.object({
  workflowId: z.string(),
  /** First run of the scan's workflow: tells two scans with the same id apart. */
  firstRunId: z.string(),
  namespace: z.string(),
  started: z.string(),
  closed: z.string().optional(),
});

/** The scan that writes into an output folder. */
export type Owner = z.infer<typeof ownerSchema>;

/** Makes the folder and its marker, or finds them. @returns the marker's text, which every later writer must find */
export async function markFolder(folder: string): Promise<string> {
  if (!(await exists(dirname(folder)))) {
    throw new DatenraffinerieError('StorageError', `the output's parent folder ${dirname(folder)} does not exist`, {
      remedy: 'make it, or mount the share it belongs to',
    });
  }
  await mkdir(folder, { recursive: true });
  const present = await readIfExists(join(folder, markerName));
  if (present !== undefined) return present.trim();
  const marker = randomUUID();
  await writeFileAtomic(join(folder, markerName), `${marker}\n`);
  return marker;
}

/** Throws StorageError where the folder is not the one that was marked: a share that is not mounted, another disk. */
export async function checkMarker(folder: string, marker: string): Promise<void> {
  const present = (await readIfExists(join(folder, markerName)))?.trim();
  if (present === marker) return;
  const found = present === undefined ? 'its marker is missing' : 'it has another marker';
  throw new DatenraffinerieError('StorageError', `${folder} is not the folder this scan began in: ${found}`, {
    remedy: 'is the share mounted on this host?',
  });
}

export async function readOwner(folder: string): Promise<Owner | undefined> {
  return readJson(join(folder, ownerName), ownerSchema);
}

export async function writeOwner(folder: string, owner: Owner): Promise<void> {
  await writeFileAtomic(join(folder, ownerName), `${JSON.stringify(owner, null, 2)}\n`);
}

/** Moves everything in the folder (but marker, owner and what was moved before) to `.old/<stamp>/`. */
export async function moveOldAside(folder: string, stamp: string): Promise<void> {
  const keep = new Set([markerName, ownerName, oldName]);
  const names = (await readdir(folder)).filter((name) => !keep.has(name));
  if (names.length === 0) return;
  const target = join(folder, oldName, stamp);
  await mkdir(target, { recursive: true });
  for (const name of names) await rename(join(folder, name), join(target, name));
}

/** Removes what killed processes have left half written; nobody may be writing there. */
export async function removeTemporaries(folder: string): Promise<void> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => isTemporary(name));
  for (const name of names) if (!name.startsWith(oldName)) await removeIfExists(join(folder, name));
}

/** Bytes that may still be written where `folder` lies. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}
