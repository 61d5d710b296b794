import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { makePlan } from '../../domain/plan/make-plan.js';
import type { FileReference } from '../../domain/scan/tasks.js';
import { readIfExists } from '../files.js';
import { isCalibratedBy } from './lineage.js';
import { Manifest } from '../output/manifest.js';
import { procedureName } from '../output/paths.js';
import { compareRuns } from '../output/reuse.js';

/**
 * Counts the runs in an output folder that were measured with a calibration and are still as they must be: what another
 * calibration would have measured again. The folder alone tells, whatever configuration is at hand.
 */
export function downstreamIn(output: string, board?: string): (calibration: FileReference) => Promise<number> {
  return async (calibration) => {
    const names = (await readdir(output)).filter((name) => !name.startsWith('.'));
    let runs = 0;
    for (const name of names) {
      const folder = join(output, name);
      const text = await readIfExists(join(folder, procedureName));
      if (text !== undefined && isCalibratedBy(text, output, calibration)) runs += await goodRuns(folder, text, board);
    }
    return runs;
  };
}

/** @param text the frozen procedure, calibrations laid on */
async function goodRuns(folder: string, text: string, board: string | undefined): Promise<number> {
  const plan = makePlan(thawDaqProcedure(text), [], { board });
  const manifest = await Manifest.open(folder);
  try {
    let good = 0;
    for await (const { why } of compareRuns(manifest, plan)) if (why === undefined) good++;
    return good;
  } finally {
    await manifest.close();
  }
}
