/**
 * Room: whether an output folder is still what was measured and made. It reads all of it and changes nothing.
 * May use: domain/*, io, io/configuration, io/merge, io/output, io/process.
 */

import { join } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { exists, fileSha256, isOfSystem, statIfExists } from '../files.js';
import { proceduresIn } from '../output/output-folder.js';
import { manifestName, markerName, recordName } from '../output/paths.js';
import type { Sha256Of, Verified } from './fault.js';
import { verifyAcquisition } from './verify-acquisition.js';
import { verifyAnalysis } from './verify-analysis.js';

/**
 * Compares raw files, parts, tables, configurations and results in an output folder with what is on record of them.
 * Yields procedure by procedure, for it reads every byte.
 * @throws DatenraffinerieError ConfigError where it is no output folder
 */
export async function* verifyFolder(output: string, signal: AbortSignal): AsyncGenerator<Verified> {
  const found = await statIfExists(output);
  if (found === undefined || !(await exists(join(output, markerName)))) {
    const what = found === undefined ? 'is not there' : 'is no output folder';
    throw new DatenraffinerieError('ConfigError', `${output} ${what}`, {
      remedy: 'name the folder that was given to run --output',
    });
  }
  const sha256Of = readOnce(signal);
  for (const name of (await proceduresIn(output)).sort()) {
    signal.throwIfAborted();
    const folder = join(output, name);
    if (await exists(join(folder, manifestName))) {
      yield { name, type: 'daq', ...(await guarded(folder, () => verifyAcquisition(folder, sha256Of, signal))) };
    } else if (await exists(join(folder, recordName))) {
      yield { name, type: 'analysis', ...(await guarded(folder, () => verifyAnalysis(output, name, sha256Of))) };
    }
  }
}

/** A table is compared with its own record and with that of every analysis of it. */
function readOnce(signal: AbortSignal): Sha256Of {
  const known = new Map<string, Promise<string>>();
  return (path) => {
    const found = known.get(path) ?? fileSha256(path, signal);
    known.set(path, found);
    return found;
  };
}

type Checked = Pick<Verified, 'checked' | 'faults'>;

/** What cannot be read is a fault as well, and no reason to leave the others unread. */
async function guarded(folder: string, check: () => Promise<Checked>): Promise<Checked> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof DatenraffinerieError) && !isOfSystem(error)) throw error;
    const remedy = error instanceof DatenraffinerieError ? error.remedy : undefined;
    return {
      checked: '',
      faults: [{ path: folder, message: error.message, ...(remedy === undefined ? {} : { remedy }) }],
    };
  }
}
