import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanContext } from '../../domain/scan/tasks.js';
import { exists, isTemporary, readIfExists, removeIfExists, writeFileAtomic } from '../files.js';
import { outputRoots, requireWithin } from '../rights/roots.js';
import { checkOwner } from './owner.js';
import { lockedBy } from './writer-lock.js';
import { runsLockPath, markerName, oldName, ownerName } from './paths.js';

/** Makes the folder and its marker, or finds them. @returns the marker's text, which every later writer must find */
export async function markFolder(folder: string): Promise<string> {
  await requireWithin(outputRoots, folder);
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
async function checkMarker(folder: string, marker: string): Promise<void> {
  const present = (await readIfExists(join(folder, markerName)))?.trim();
  if (present === marker) return;
  const found = present === undefined ? 'its marker is missing' : 'it has another marker';
  throw new DatenraffinerieError('StorageError', `${folder} is not the folder this scan began in: ${found}`, {
    remedy: 'is the share mounted on this host?',
  });
}

/** What every writer looks at before it writes: that the folder is the one meant, and still its scan's. */
export async function checkFolder(context: Pick<ScanContext, 'output' | 'marker' | 'firstRunId'>): Promise<void> {
  await requireWithin(outputRoots, context.output);
  await checkMarker(context.output, context.marker);
  await checkOwner(context.output, context.firstRunId);
}

/** Throws where a folder holds something and is no output folder: what lies in it is not ours to move. */
export async function requireOurs(folder: string): Promise<void> {
  await requireWithin(outputRoots, folder);
  if (await exists(join(folder, markerName))) return;
  const names = await readdir(folder).catch(() => []);
  if (names.length === 0) return;
  throw new DatenraffinerieError(
    'ConfigError',
    `${folder} is no output folder of ours: --fresh would move what it holds`,
    {
      remedy: `give another --output; there is '${names[0]}', and no ${markerName}`,
    },
  );
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

/** Folders of procedures in an output folder. */
export async function proceduresIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name);
}

/** Procedures whose folders a process of this host is writing into now. */
export async function lockedProcedures(
  folder: string,
): Promise<{ readonly folder: string; readonly holder: string }[]> {
  const locked: { folder: string; holder: string }[] = [];
  for (const name of await proceduresIn(folder)) {
    const holder = await lockedBy(runsLockPath(join(folder, name)));
    if (holder !== undefined) locked.push({ folder: join(folder, name), holder });
  }
  return locked;
}
