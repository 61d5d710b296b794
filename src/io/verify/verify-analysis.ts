import { join } from 'node:path';
import { declaredFiles, parseOutputs } from '../../domain/analysis/outputs.js';
import { thawProcedure } from '../../domain/config/reading/freeze.js';
import { countText } from '../../domain/quantities.js';
import { exists, readIfExists } from '../files.js';
import { readAnalysisRecord } from '../output/analysis-record.js';
import { openedPath, recordName, tablePath } from '../output/paths.js';
import type { Fault, Sha256Of, Verified } from './fault.js';

const again = 'the next scan of this folder runs the analysis again';

/** Tables that an analysis was run on, its calibration and its files. */
export async function verifyAnalysis(
  output: string,
  name: string,
  sha256Of: Sha256Of,
): Promise<Pick<Verified, 'checked' | 'faults'>> {
  const folder = join(output, name);
  const { record, problem } = await readAnalysisRecord(folder);
  if (record === undefined) {
    return {
      checked: '',
      faults: [{ path: join(folder, recordName), message: problem ?? 'is missing', remedy: again }],
    };
  }
  const files = declaredFiles(parseOutputs(record.outputs));
  const faults: Fault[] = [];
  for (const file of files) {
    if (!(await exists(join(folder, file))))
      faults.push({ path: join(folder, file), message: 'is missing', remedy: again });
  }
  const { calibration } = record;
  if (calibration !== null && (await shaOf(join(folder, calibration.path), sha256Of)) !== calibration.sha256) {
    const path = join(folder, calibration.path);
    faults.push({
      path,
      message: 'is not the calibration that the analysis has made',
      remedy: 'restore it from a backup',
    });
  }
  faults.push(...(await faultsOfInputs(output, name, record.key.inputs, sha256Of)));
  return { checked: countText(files.length, 'file'), faults };
}

/** The frozen procedure tells which tables; a folder of analyses alone has none. */
async function faultsOfInputs(
  output: string,
  name: string,
  inputs: readonly string[],
  sha256Of: Sha256Of,
): Promise<Fault[]> {
  const text = await readIfExists(openedPath(output, name));
  const procedure = text === undefined ? undefined : thawProcedure(text);
  if (procedure?.type !== 'analysis') return [];
  const faults: Fault[] = [];
  for (const [place, source] of procedure.daq.entries()) {
    const path = tablePath(join(output, source));
    const now = await shaOf(path, sha256Of);
    if (now === inputs[place]) continue;
    const message =
      now === undefined ? `its table ${path} is missing` : `it was made of another table than ${path} is now`;
    faults.push({ path: join(output, name), message, remedy: again });
  }
  return faults;
}

async function shaOf(path: string, sha256Of: Sha256Of): Promise<string | undefined> {
  return (await exists(path)) ? sha256Of(path) : undefined;
}
