import { closeSync, existsSync, fstatSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { moveAside, syncFolderNow, writeFileAtomic } from '../files.js';
import type { ManifestWriter } from '../output/manifest.js';
import { chipsName, supersededPath } from '../output/paths.js';
import { readRawBytes, readRawFile } from '../output/raw-file.js';
import { cannotWrite, failingAs } from '../storage-error.js';

/** What is known of a run when its last byte was written; the rest is found in the bytes. */
export interface TakenRun extends Pick<ManifestLine, 'run' | 'key' | 'file' | 'attempt' | 'start' | 'end'> {
  /** Absolute name under which the bytes were written, or are to be. */
  readonly temporary: string;
  /** The whole file, where it was not written yet. */
  readonly raw?: Uint8Array | undefined;
  readonly eventsAsked?: number;
  readonly minEvents?: number;
  readonly board?: string;
  readonly stand?: string;
  readonly address?: string;
  readonly readings?: Readonly<Record<string, number>>;
  /** YAML of what the chips said of themselves after the run: beside the raw file, as `run_00012.chips.yaml`. */
  readonly chipState?: string;
}

/**
 * Makes a taken run durable: looks at all of it (hash, events, corrupt halves), fsyncs, moves former files of the run to
 * `raw/superseded/`, renames, appends the manifest's line. The line is the last thing: a run counts when it has one.
 * Blocks: its thread has nothing else to do, and waiting for every call in turns of the event loop took longer than
 * the disk.
 */
export async function finishRun(folder: string, taken: TakenRun, manifest: ManifestWriter): Promise<ManifestLine> {
  const final = join(folder, taken.file);
  const superseded = supersededPath(folder);
  const found = inspectAndSync(taken);
  const { temporary, raw, eventsAsked, minEvents, chipState, ...known } = taken;
  if (minEvents !== undefined && found.events < minEvents) {
    await moveAside(temporary, superseded);
    throw new DatenraffinerieError(
      'DataError',
      `run ${taken.run} has ${found.events} events, fewer than min_events ${minEvents}`,
    );
  }
  const chipFile = chipsName(final);
  for (const former of [final, chipFile]) if (existsSync(former)) await moveAside(former, superseded);
  if (chipState !== undefined) await writeFileAtomic(chipFile, chipState);
  renameSync(temporary, final);
  syncFolderNow(dirname(final));
  const short = eventsAsked !== undefined && found.events < eventsAsked / 2;
  const line = { ...known, ...found, ...(short ? { short } : {}) };
  manifest.append(line);
  return line;
}

/** Writes the file where that was not done as the bytes came, and waits until it is on disk. */
function inspectAndSync({ temporary, raw }: TakenRun): Found {
  const file = openSync(temporary, raw === undefined ? 'r+' : 'wx');
  try {
    if (raw !== undefined) {
      failingAs(
        (cause) => cannotWrite(temporary, cause),
        () => writeFileSync(file, raw),
      );
    }
    fsyncSync(file);
    const { mtimeMs } = fstatSync(file);
    const facts = raw === undefined ? readRawFile(temporary) : readRawBytes(temporary, raw);
    const { bytes, sha256, events, truncatedBytes, corruptHalves } = facts;
    return { bytes, sha256, mtimeMs, events, truncatedBytes, corruptHalves };
  } finally {
    closeSync(file);
  }
}

type Found = Pick<ManifestLine, 'bytes' | 'sha256' | 'mtimeMs' | 'events' | 'truncatedBytes' | 'corruptHalves'>;
