import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DatenraffinerieError } from '../../domain/errors.js';
import { isMissing, writeFileAtomic } from '../files.js';
import { readingsName } from './paths.js';

const schema = z.object({ columns: z.array(z.string()) });

/**
 * Names of the slow readings that are columns of a procedure's table. They are written down when its first run is
 * measured and stay: the table's columns must be the same whenever and wherever it is made.
 * @returns undefined where no run with readings was measured
 */
export function readingNames(folder: string): readonly string[] | undefined {
  const path = join(folder, readingsName);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8'))).columns;
  } catch (cause) {
    if (isMissing(cause)) return undefined;
    throw new DatenraffinerieError('StorageError', `${path} is not what was written there`, {
      remedy: 'restore it: {"columns": [names of the slow readings in the order of the columns]}',
      cause,
    });
  }
}

export function keepReadingNames(folder: string, columns: readonly string[]): Promise<void> {
  return writeFileAtomic(join(folder, readingsName), `${JSON.stringify({ columns })}\n`);
}

/** Where nothing that was measured counts any more, the next first run decides again. */
export function forgetReadingNames(folder: string): Promise<void> {
  return rm(join(folder, readingsName), { force: true });
}
