import { join } from 'node:path';
import { asPlanned, freezeProcedure } from '../../domain/config/reading/freeze.js';
import type { TablePreview } from '../../domain/plan/preview.js';
import { fileSha256, readIfExists, statIfExists } from '../files.js';
import { procedureName, tablePath } from '../output/paths.js';
import { readProvenance } from '../output/provenance.js';
import { isCurrentTable } from './kept-table.js';

/**
 * Why the tables in an output folder would be merged again; nothing is changed there. A comment or stand that is given
 * to `run` alone is not known here.
 * @param verify compares the content of tables, too
 */
export function previewTables(output: string, verify: boolean): TablePreview {
  return async ({ name }, procedure, plan, calibrations) => {
    const folder = join(output, name);
    const [before, frozen] = await Promise.all([readProvenance(folder), readIfExists(join(folder, procedureName))]);
    if (!before?.table || frozen === undefined) return 'it was not merged yet';
    if ((await statIfExists(tablePath(folder))) === undefined) return 'it is missing';
    if (frozen.replace(/^(# .*\n)*/, '') !== freezeProcedure(asPlanned(procedure, name, calibrations)))
      return 'its settings changed';
    const isCurrent = await isCurrentTable({ procedure, plan, text: frozen }, folder, before);
    if (!isCurrent) return 'it would be made of other parts';
    const changed = verify && (await fileSha256(tablePath(folder))) !== before.table.sha256;
    return changed ? 'it was changed after it was merged' : undefined;
  };
}
