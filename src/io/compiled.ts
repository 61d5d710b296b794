import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Folder of this package: two up from here, in `src` as in `dist`. */
const root = new URL('../../', import.meta.url);

/** Path of a file that comes with this package, by its path there. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(path, root));
}

/** The command line's program, for processes of our own. */
export const program = packageFile('bin/datenraffinerie.js');

/**
 * URL of a compiled module, by its path below `dist`, from `dist` itself or from the sources under test: worker threads
 * and child processes always run compiled code.
 */
export function compiledModule(path: string): URL {
  const url = new URL(`dist/${path}`, root);
  if (!existsSync(url)) throw new Error(`${fileURLToPath(url)} is missing: run npm run build`);
  return url;
}

/** Its path, for a process. */
export function compiledProgram(path: string): string {
  return fileURLToPath(compiledModule(path));
}
