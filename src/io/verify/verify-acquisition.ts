import { join } from 'node:path';
import { thawDaqProcedure } from '../../domain/config/reading/freeze.js';
import { makePlan } from '../../domain/plan/make-plan.js';
import { countText } from '../../domain/quantities.js';
import { whyUnlike } from '../../domain/plan/unlike.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { allIntegerTypes } from '../../domain/table/column-type.js';
import type { TableLayout } from '../../domain/table/layout.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { exists, fileSha256, readIfExists, statIfExists } from '../files.js';
import type { LoadedDaq } from '../configuration/frozen-procedure.js';
import { isCurrentTable } from '../merge/kept-table.js';
import { Manifest } from '../output/manifest.js';
import { partName, procedureName, provenanceName, tablePath } from '../output/paths.js';
import { readProvenance } from '../output/provenance.js';
import { isMade, partKeyOf, tableLayout } from '../process/process-range.js';
import type { Fault, Sha256Of, Verified } from './fault.js';

const again = 'the next scan of this folder makes it again from the raw files';

/** Raw files, parts, configuration and table of a procedure. */
export async function verifyAcquisition(
  folder: string,
  sha256Of: Sha256Of,
  signal: AbortSignal,
): Promise<Pick<Verified, 'checked' | 'faults'>> {
  const loaded = await load(folder);
  const layouts = allIntegerTypes.map((integers) => tableLayout(loaded, folder, integers));
  const manifest = await Manifest.open(folder);
  try {
    const faults: Fault[] = manifest.warnings.map((message) => ({ path: folder, message }));
    for (const run of manifest.numbers()) {
      signal.throwIfAborted();
      const line = await manifest.line(run);
      if (line !== undefined) faults.push(...(await faultsOfRun(folder, loaded, layouts, line, signal)));
    }
    const table = await verifyTable(folder, loaded, sha256Of);
    return {
      checked: [countText(manifest.runs, 'run'), ...table.checked].join(', '),
      faults: [...faults, ...table.faults],
    };
  } finally {
    await manifest.close();
  }
}

/** Each run is compared as one of the board and stand that it was measured on. */
async function load(folder: string): Promise<LoadedDaq> {
  const path = join(folder, procedureName);
  const text = await readIfExists(path);
  if (text === undefined) {
    throw new DatenraffinerieError('DataError', `${path} is missing: what was measured is not known`, {
      remedy: 'restore it from a backup',
    });
  }
  const procedure = thawDaqProcedure(text);
  return { procedure, text, plan: makePlan(procedure, [], { any: true }) };
}

async function faultsOfRun(
  folder: string,
  loaded: LoadedDaq,
  layouts: readonly TableLayout[],
  line: ManifestLine,
  signal: AbortSignal,
): Promise<Fault[]> {
  const { run, file } = line;
  const path = join(folder, file);
  if (run >= loaded.plan.runs || whyUnlike(loaded.plan, line) !== undefined) {
    const message = `run ${run} was measured with another configuration than ${procedureName} has now`;
    return [{ path, message, remedy: `restore ${procedureName}; else the next scan measures it again` }];
  }
  const found = await statIfExists(path);
  if (found === undefined) return [{ path, message: 'is missing', remedy: 'restore it from a backup' }];
  if (found.size !== line.bytes || (await fileSha256(path, signal)) !== line.sha256) {
    const message = `is not what was measured: its sha256 is not ${line.sha256.slice(0, 12)}…`;
    return [{ path, message, remedy: 'restore it from a backup; else run --verify measures it again' }];
  }
  return faultsOfPart(folder, loaded, layouts, line);
}

/** Parts may be deleted to save space; one that is there must be of these data. */
async function faultsOfPart(
  folder: string,
  loaded: LoadedDaq,
  layouts: readonly TableLayout[],
  line: ManifestLine,
): Promise<Fault[]> {
  const path = join(folder, partName(line.run));
  if (!(await exists(path))) return [];
  for (const layout of layouts) if (await isMade(path, partKeyOf(loaded, layout, line))) return [];
  return [{ path, message: 'is not made of the raw file as it is', remedy: again }];
}

async function verifyTable(
  folder: string,
  loaded: LoadedDaq,
  sha256Of: Sha256Of,
): Promise<{ readonly checked: readonly string[]; readonly faults: readonly Fault[] }> {
  const provenance = await readProvenance(folder);
  const path = tablePath(folder);
  const there = await exists(path);
  if (provenance?.table == null) {
    const message = `has no ${provenanceName} beside its raw files that tells what it was`;
    return { checked: [], faults: there && loaded.procedure.merge ? [{ path, message, remedy: again }] : [] };
  }
  if (!there) return { checked: [], faults: [{ path, message: 'is missing', remedy: again }] };
  const faults: Fault[] = [];
  if ((await sha256Of(path)) !== provenance.table.sha256) {
    faults.push({ path, message: 'was changed after it was made: another sha256', remedy: `delete it; ${again}` });
  }
  if (!(await isCurrentTable(loaded, folder, provenance))) {
    faults.push({ path, message: 'is made of other runs, or of another configuration', remedy: again });
  }
  return { checked: [`a table of ${countText(provenance.table.rows, 'row')}`], faults };
}
