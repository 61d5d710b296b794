import { join } from 'node:path';
import type { ManifestLine } from '../domain/scan/manifest.js';
import { statIfExists } from './files.js';
import type { Manifest } from './manifest.js';

/**
 * Why a run must be measured (again), undefined where what is on disk is what the plan wants. Compares key, size and
 * time; `process` compares the sha256.
 */
export async function whyMeasure(manifest: Manifest, run: number, key: string): Promise<string | undefined> {
  const line = await manifest.line(run);
  if (line === undefined) return 'not measured yet';
  if (line.key !== key) return `run ${run} was measured with another configuration`;
  return whyRejectFile(manifest.folder, line);
}

async function whyRejectFile(folder: string, line: ManifestLine): Promise<string | undefined> {
  const found = await statIfExists(join(folder, line.file));
  if (found === undefined) return `${line.file} is missing`;
  if (found.size !== line.bytes) return `${line.file} has ${found.size} bytes where ${line.bytes} were written`;
  if (Math.abs(found.mtimeMs - line.mtimeMs) > 1) return `${line.file} was changed after it was measured`;
  return undefined;
}
