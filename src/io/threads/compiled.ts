import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * URL of a compiled module below `dist`, from `dist` itself or from the sources under test: worker threads and child
 * processes always run compiled code.
 * @param name path below `dist`, `io/process/process-job.js`
 */
export function compiledModule(name: string): URL {
  const url = new URL(`../../../dist/${name}`, import.meta.url);
  if (!existsSync(url)) throw new Error(`${fileURLToPath(url)} is missing: run npm run build`);
  return url;
}
