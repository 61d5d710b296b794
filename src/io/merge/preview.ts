import { join } from 'node:path';
import { asPlanned, freezeProcedure } from '../../domain/config/reading/freeze.js';
import type { TablePreview } from '../../domain/plan/preview.js';
import { fileSha256, readIfExists, statIfExists } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { Manifest } from '../output/manifest.js';
import { procedureName, tablePath } from '../output/paths.js';
import { readProvenance, TableKey } from '../output/provenance.js';
import { measuredLine } from '../output/reuse.js';
import { partKeyOf, tableLayout } from '../process/process-range.js';

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
    const key = await keyOf({ procedure, plan, text: frozen }, folder);
    if (!key.isOf(before)) return 'it would be made of other parts';
    const changed = verify && (await fileSha256(tablePath(folder))) !== before.table.sha256;
    return changed ? 'it was changed after it was merged' : undefined;
  };
}

/** Of the parts that there are, or that will be made. */
async function keyOf(loaded: LoadedDaq, folder: string): Promise<TableKey> {
  const key = new TableKey(loaded.text);
  const layout = tableLayout(loaded, folder);
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
