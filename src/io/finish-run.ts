import { open, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatenraffinerieError } from '../domain/errors.js';
import type { ManifestLine } from '../domain/scan/manifest.js';
import { exists, moveAside, syncFolder } from './files.js';
import type { ManifestWriter } from './manifest.js';
import { readRawFile } from './raw-file.js';

/** What is known of a run when its last byte was written; the rest is found in the bytes. */
export interface TakenRun extends Pick<ManifestLine, 'run' | 'key' | 'file' | 'attempt' | 'start' | 'end'> {
  /** Absolute name under which the bytes were written. */
  readonly temporary: string;
  readonly eventsAsked?: number;
  readonly minEvents?: number;
  readonly board?: string;
  readonly readings?: Readonly<Record<string, number>>;
}

/**
 * Makes a taken run durable: reads it back (hash, events, corrupt halves), fsyncs, moves a former file of the run to
 * `raw/superseded/`, renames, appends the manifest's line. The line is the last thing: a run counts when it has one.
 */
export async function finishRun(folder: string, taken: TakenRun, manifest: ManifestWriter): Promise<ManifestLine> {
  const final = join(folder, taken.file);
  const superseded = join(dirname(final), 'superseded');
  const found = await inspectAndSync(taken.temporary);
  const { temporary, eventsAsked, minEvents, ...known } = taken;
  if (minEvents !== undefined && found.events < minEvents) {
    await moveAside(temporary, superseded);
    throw new DatenraffinerieError(
      'DataError',
      `run ${taken.run} has ${found.events} events, fewer than min_events ${minEvents}`,
    );
  }
  if (await exists(final)) await moveAside(final, superseded);
  await rename(temporary, final);
  await syncFolder(dirname(final));
  const short = eventsAsked !== undefined && found.events < eventsAsked / 2;
  const line = { ...known, ...found, ...(short ? { short } : {}) };
  await manifest.append(line);
  return line;
}

/** Reads the file back in one pass (page cache), then waits until it is on disk. */
async function inspectAndSync(path: string): Promise<Found> {
  const { bytes, sha256, events, truncatedBytes, corruptHalves } = readRawFile(path);
  const file = await open(path, 'r+');
  try {
    await file.sync();
    const { mtimeMs } = await file.stat();
    return { bytes, sha256, mtimeMs, events, truncatedBytes, corruptHalves };
  } finally {
    await file.close();
  }
}

type Found = Pick<ManifestLine, 'bytes' | 'sha256' | 'mtimeMs' | 'events' | 'truncatedBytes' | 'corruptHalves'>;
