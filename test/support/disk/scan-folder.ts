import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ManifestLine } from '../../../src/domain/scan/manifest.js';

/** All lines of a procedure's manifest, in the order in which they were written. */
export function manifestLines(output: string, procedure: string): ManifestLine[] {
  const text = readFileSync(join(output, procedure, 'manifest.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as ManifestLine);
}

/** Number of lines so far; 0 where there is no manifest yet. */
export function measuredRuns(output: string, procedure: string): number {
  try {
    return manifestLines(output, procedure).length;
  } catch {
    return 0;
  }
}

export function sha256Of(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
