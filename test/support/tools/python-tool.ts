import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../disk/folders.js';

/** Folder of the environment with the Python tool 1.0.15; empty where it cannot be installed. */
export function pythonTool(): string {
  try {
    const options = { encoding: 'utf8', timeout: 600_000 } as const;
    return execFileSync('bash', [join(root, 'scripts/python-tool.sh')], options).trim();
  } catch {
    return '';
  }
}
