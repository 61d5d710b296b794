import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { compiledModule } from '../compiled.js';
import type { LoadHook, ResolveHook } from 'node:module';

/** What users' analyses import from us, wherever their folder lies. */
const kitName = 'datenraffinerie/analysis';
const kit = compiledModule('analyses/kit.js').href;

/**
 * Hooks of Node's module loader that let an analysis be written in TypeScript: types are taken out of `.ts` files on
 * loading (not checked), and `./other.js` finds `other.ts`. Node does it itself only from version 22.18 on.
 */
export const load: LoadHook = async (url, context, nextLoad) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return nextLoad(url, context);
  const { default: typescript } = await import('typescript');
  const { outputText } = typescript.transpileModule(await readFile(fileURLToPath(url), 'utf8'), {
    fileName: fileURLToPath(url),
    compilerOptions: {
      target: typescript.ScriptTarget.ES2022,
      module: typescript.ModuleKind.ESNext,
      inlineSourceMap: true,
    },
  });
  return { format: 'module', source: outputText, shortCircuit: true };
};

export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  if (specifier === kitName) return { url: kit, shortCircuit: true };
  try {
    return await nextResolve(specifier, context);
  } catch (error) {
    if (!specifier.startsWith('.') || !specifier.endsWith('.js')) throw error;
    return nextResolve(`${specifier.slice(0, -3)}.ts`, context);
  }
};
