/**
 * URL of a compiled module below `dist`, from `dist` itself or from the sources under test: worker threads and child
 * processes always run compiled code.
 */
export function compiledModule(relative: string): URL {
  return new URL(`../../dist/${relative}`, import.meta.url);
}
