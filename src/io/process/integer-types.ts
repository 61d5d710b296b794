import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { IntegerTypes } from '../../domain/table/column-type.js';
import { writeFileAtomic } from '../files.js';
import { unsignedPath } from '../output/paths.js';

/** Of the columns of a procedure's table: the same for all its parts, whenever and wherever they are made. */
export function integerTypes(folder: string): IntegerTypes {
  return existsSync(unsignedPath(folder)) ? 'unsigned' : 'signed';
}

export async function keepIntegerTypes(folder: string, types: IntegerTypes): Promise<void> {
  const path = unsignedPath(folder);
  if (types === 'signed') await rm(path, { force: true });
  else
    await writeFileAtomic(
      path,
      'the table of 2.0.0 is kept as it is; delete it to have it made with signed integers\n',
    );
}
