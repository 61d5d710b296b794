import { readFileSync } from 'node:fs';
import { packageFile } from './compiled.js';

const manifest: unknown = JSON.parse(readFileSync(packageFile('package.json'), 'utf8'));

/** Name and version of this software, as files say what made them: `datenraffinerie 2.0.0`. */
export const software = `datenraffinerie ${versionOf(manifest)}`;

function versionOf(value: unknown): string {
  if (typeof value === 'object' && value !== null && 'version' in value) return String(value.version);
  throw new Error('package.json has no version');
}
