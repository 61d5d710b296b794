import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { unfitModule } from '../../domain/config/name.js';
import { DatenraffinerieError } from '../../domain/errors.js';
import { statIfExists } from '../files.js';
import { packageFile } from '../compiled.js';

/** Where an analysis was found. */
export interface FoundAnalysis {
  readonly name: string;
  readonly language: 'javascript' | 'python';
  /** The module's file, or the folder of a Python collection. */
  readonly path: string;
  /** The folder that it was found in, whose files are its own. */
  readonly codeFolder: string;
  /** Comes with the software. */
  readonly shipped: boolean;
}

/** The analyses that ship, compiled: a child process cannot run TypeScript, so the tests use them from there, too. */
const shippedFolder = packageFile('dist/analyses');
const extensions = ['.js', '.mjs', '.ts'];

/**
 * Finds the analysis `name` in `folders`, in their order, then among those that ship. A folder has it in a collection,
 * whose `index.js` (`.mjs`, `.ts`) or `__init__.py` names it, or as `NAME.js`, or as `NAME/index.js`.
 * @throws DatenraffinerieError ConfigError where it is nowhere, with the places that were searched.
 */
export async function findAnalysis(name: string, folders: readonly string[]): Promise<FoundAnalysis> {
  const unfit = unfitModule(name);
  if (unfit !== undefined) throw new DatenraffinerieError('ConfigError', `'${name}' ${unfit}`);
  const absolute = folders.map((folder) => resolve(folder));
  for (const folder of absolute) await requireFolder(folder);
  for (const folder of [...absolute, shippedFolder]) {
    const shipped = folder === shippedFolder; // whose files are parts, not analyses: only its index counts
    const own = shipped ? undefined : ((await findFile(name, folder)) ?? (await findInStars(name, folder)));
    const found = (await findInIndex(name, folder)) ?? own;
    if (found !== undefined) return { name, ...found, shipped };
  }
  for (const folder of absolute) {
    // `from .x import *` does not name what it imports: only Python itself can tell
    const init = await textOf(join(folder, '__init__.py'));
    if (init !== undefined && /import\s*\*/.test(init)) {
      return { name, language: 'python', path: folder, codeFolder: folder, shipped: false };
    }
  }
  const places = [...absolute, 'the analyses that ship'].join(', ');
  throw new DatenraffinerieError('ConfigError', `there is no analysis '${name}' in ${places}`, {
    remedy:
      'name the folder that has it with --analyses DIR or DATENRAFFINERIE_ANALYSES; module_name names the analysis',
  });
}

type Place = Omit<FoundAnalysis, 'name' | 'shipped'>;

/** A collection whose index names the analysis. */
async function findInIndex(name: string, folder: string): Promise<Place | undefined> {
  for (const end of extensions) {
    const file = join(folder, `index${end}`);
    if (names(await textOf(file), name)) return { language: 'javascript', path: file, codeFolder: folder };
  }
  if (!names(await textOf(join(folder, '__init__.py')), name)) return undefined;
  return { language: 'python', path: folder, codeFolder: folder };
}

/** A module, or a folder with one, that has the analysis' name. */
async function findFile(name: string, folder: string): Promise<Place | undefined> {
  for (const file of extensions.flatMap((end) => [join(folder, name + end), join(folder, name, `index${end}`)])) {
    if (await isFile(file)) return { language: 'javascript', path: file, codeFolder: folder };
  }
  return undefined;
}

/** A collection that imports everything of its modules, of which one defines the analysis. */
async function findInStars(name: string, folder: string): Promise<Place | undefined> {
  const init = await textOf(join(folder, '__init__.py'));
  const modules = [...(init ?? '').matchAll(/^\s*from\s+\.(\w+)\s+import\s+\*/gm)].map(([, module]) => module);
  const defines = new RegExp(`^(?:(?:class|def)\\s+${name}\\b|${name}\\s*=)`, 'm');
  for (const module of modules) {
    const files = [join(folder, `${module}.py`), join(folder, module, '__init__.py')];
    const texts = await Promise.all(files.map(textOf));
    if (texts.some((text) => text !== undefined && defines.test(text)))
      return { language: 'python', path: folder, codeFolder: folder };
  }
  return undefined;
}

/** Whether code names it; what is said in comments does not count. */
function names(text: string | undefined, name: string): boolean {
  return text !== undefined && new RegExp(`(?<![\\w./])${name}(?![\\w.])`).test(withoutComments(text));
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|(?:^|\s)#.*$|"{3}[\s\S]*?"{3}|'{3}[\s\S]*?'{3}/gm, '');
}

async function requireFolder(folder: string): Promise<void> {
  const remedy = 'correct --analyses or DATENRAFFINERIE_ANALYSES of the worker';
  const found = await statIfExists(folder).catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    const text = `the folder ${folder} with analyses cannot be read: ${why}`;
    throw new DatenraffinerieError('ConfigError', text, { remedy, cause });
  });
  if (found?.isDirectory() === true) return;
  throw new DatenraffinerieError('ConfigError', `there is no folder ${folder} with analyses`, { remedy });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true;
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
