import { cpSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, temporaryFolder } from './folders.js';
import { manifestLines, sha256Of } from './scan-folder.js';

/** A scan that `test/fixtures/VERSION` keeps the output folder of. */
export interface KeptScan {
  readonly output: string;
  readonly procedures: readonly string[];
  /** What was given on the command line: `--board`, … */
  readonly options: Readonly<Partial<Record<'board' | 'calibration' | 'comment' | 'operator', string>>>;
}

const fixture = (version: string): string => join(root, 'test', 'fixtures', version);

export function keptScans(version: string): KeptScan[] {
  return JSON.parse(readFileSync(join(fixture(version), 'scans.json'), 'utf8')) as KeptScan[];
}

/**
 * A copy of the user's files and output folders as a backup restores them, with the times of the raw files, which git
 * does not keep and reuse compares.
 */
export function restoreFixture(version: string): string {
  const folder = join(temporaryFolder(), 'teststand');
  cpSync(fixture(version), folder, { recursive: true });
  for (const manifest of filesBelow(folder).filter((path) => path.endsWith('/manifest.jsonl'))) {
    const procedure = dirname(manifest);
    for (const { file, mtimeMs } of manifestLines(folder, procedure)) {
      utimesSync(join(folder, procedure, file), mtimeMs / 1000, mtimeMs / 1000);
    }
  }
  return folder;
}

/** Content and time of every file below a folder, by its path there. */
export function contentsOf(folder: string): Record<string, string> {
  const state = (path: string): string => `${sha256Of(path)} of ${statSync(path, { bigint: true }).mtimeNs}`;
  return Object.fromEntries(filesBelow(folder).map((path) => [path, state(join(folder, path))]));
}

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}
