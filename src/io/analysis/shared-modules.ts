import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';

// `import a.b as c, d` and `from a.b import c`; `from . import x` stays inside the collection
const pythonImport = /^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+import\b|import[ \t]+([\w., \t]+))/gm;
// `from '../x.js'`, `import '../x.js'`, `import('../x.js')`, `require('../x.js')`
const moduleImport = /\b(?:from|import|require)\s*\(?\s*['"](\.\.?\/[^'"]+)['"]/g;

/**
 * Modules that a folder of analyses shares with others: imported by its files, but lying outside of it. Python finds
 * them beside the folder (the runner has its parent on `sys.path`), JavaScript by paths like `../shared/fit.js`.
 */
export class SharedModules {
  /** Names beside the folder; read only where something is imported. */
  private beside: Promise<string[]> | undefined;

  constructor(private readonly folder: string) {}

  /** Files and folders outside that a file imports. What its code makes up while it runs is not seen. */
  async importedBy(file: string): Promise<string[]> {
    const ending = extname(file);
    if (ending === '.py') return this.importedByPython(await textOf(file));
    if (!['.js', '.mjs', '.cjs', '.ts'].includes(ending)) return [];
    const real = await realpath(file); // as Node resolves what a linked module imports
    return importedByModule(real, await textOf(file)).filter((path) => this.isOutside(path));
  }

  private async importedByPython(text: string): Promise<string[]> {
    const names = new Set(
      [...text.matchAll(pythonImport)]
        .flatMap(([, from, list]) => from ?? list.split(','))
        .map((name) => name.trim().split(/[. \t]/)[0]),
    );
    const parent = dirname(this.folder);
    this.beside ??= readdir(parent).catch(() => []);
    const found: string[] = [];
    for (const entry of await this.beside) {
      if (!names.has(entry.split('.')[0]) || entry === basename(this.folder)) continue;
      const path = join(parent, entry);
      if (/\.(py|pyc|so)$/.test(entry) || (await isFolder(path))) found.push(path);
    }
    return found;
  }

  private isOutside(path: string): boolean {
    return relative(this.folder, path).startsWith('../');
  }
}

/** As the loader finds them: `./x.js` may be `x.ts`. */
function importedByModule(file: string, text: string): string[] {
  return [...text.matchAll(moduleImport)].flatMap(([, name]) => {
    const path = resolve(dirname(file), name);
    return path.endsWith('.js') ? [path, `${path.slice(0, -3)}.ts`] : [path];
  });
}

/** What we may not read imports nothing. */
async function textOf(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}
