import { readFileSync } from 'node:fs';
import { packageFile } from './compiled.js';

const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));

/** Version of this software: `2.0.0`. */
export const softwareVersion = versionOf(manifest);

/** Name and version of this software, as files say what made them: `datenraffinerie 2.0.0`. */
export const software = `datenraffinerie ${softwareVersion}`;

/** The commit that it was built from: `1a2b3c4d5e6f`, with `+` where files had been changed; undefined where not known. */
export const commit: string | undefined = readCommit();

function readCommit(): string | undefined {
  try {
    return readFileSync(packageFile('dist/commit'), 'utf8').trim() || undefined;
  } catch {
    return undefined; // not built from a clone
  }
}

function versionOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'version' in value) return String(value.version);
  throw new Error('package.json has no version');
}
