import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IntegerTypes } from '../../domain/table/column-type.js';
import { writeFileAtomic } from '../files.js';
import { signedPath } from '../output/paths.js';

/**
 * Of the columns of a procedure's table: the same for all its parts, whenever and wherever they are made. A scan that
 * began with 2.0.0, which does not say, keeps what it began with: workers of both releases can end it.
 */
export function integerTypes(folder: string): IntegerTypes {
  return existsSync(signedPath(folder)) ? 'signed' : 'unsigned';
}

export async function keepIntegerTypes(folder: string, types: IntegerTypes): Promise<void> {
  const path = signedPath(folder);
  if (types === 'unsigned') await rm(path, { force: true });
  else await writeFileAtomic(path, 'the integers of the table are signed; up to 2.0.0 those above 0 were not\n');
}
