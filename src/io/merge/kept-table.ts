import { join } from 'node:path';
import { allIntegerTypes, type IntegerTypes } from '../../domain/table/column-type.js';
import { exists } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { keepIntegerTypes } from '../process/integer-types.js';
import { Manifest } from '../output/manifest.js';
import { partName, tablePath } from '../output/paths.js';
import { readProvenance, TableKey, type Provenance } from '../output/provenance.js';
import { measuredLine } from '../output/reuse.js';
import { isMade, partKeyOf, tableLayout } from '../process/process-range.js';

type AboutTable = Pick<Provenance, 'stand' | 'board' | 'comment'>;

/**
 * Before parts are made: the table of 2.0.0 that is still the one wanted stays as it is, with its unsigned integers;
 * any other will have signed ones.
 * @param now what the table would say of itself
 */
export async function settleIntegerTypes(folder: string, loaded: LoadedDaq, now: AboutTable): Promise<void> {
  await keepIntegerTypes(folder, (await isUnsigned(folder, loaded, now)) ? 'unsigned' : 'signed');
}

async function isUnsigned(folder: string, loaded: LoadedDaq, now: AboutTable): Promise<boolean> {
  const before = await readProvenance(folder);
  if (before?.table == null || !(await exists(tablePath(folder)))) return false;
  if (await hasSignedPart(folder, loaded)) return false;
  return (await tableKey(loaded, folder, 'unsigned')).isOf(before, now);
}

/** Told by the first part: quicker than by the keys of all. */
async function hasSignedPart(folder: string, loaded: LoadedDaq): Promise<boolean> {
  const manifest = await Manifest.open(folder);
  try {
    const line = await measuredLine(manifest, loaded.plan, 0);
    if (line === undefined) return false;
    return await isMade(join(folder, partName(0)), partKeyOf(loaded, tableLayout(loaded, folder, 'signed'), line));
  } finally {
    await manifest.close();
  }
}

/** Whether the table on record is made of the runs and settings as they are now, with integers of either kind. */
export async function isCurrentTable(loaded: LoadedDaq, folder: string, table: Provenance): Promise<boolean> {
  for (const integers of allIntegerTypes) {
    if ((await tableKey(loaded, folder, integers)).isOf(table)) return true;
  }
  return false;
}

/** Of the parts that there are, or that will be made. */
async function tableKey(loaded: LoadedDaq, folder: string, integers: IntegerTypes): Promise<TableKey> {
  const key = new TableKey(loaded.text);
  const layout = tableLayout(loaded, folder, integers);
  const manifest = await Manifest.open(folder);
  try {
    for (let run = 0; run < loaded.plan.runs; run++) {
      const line = await measuredLine(manifest, loaded.plan, run);
      if (line !== undefined) key.add(run, partKeyOf(loaded, layout, line));
    }
  } finally {
    await manifest.close();
  }
  return key;
}
