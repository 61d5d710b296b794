import nodeModule from 'node:module';
import { pathToFileURL } from 'node:url';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { Analysis, AnalysisClass } from '../../domain/analysis/interface.js';
import type { ConfigMap } from '../../domain/config/value.js';
import { compiledModule } from '../compiled.js';

/**
 * Loads the analysis `name` of an ES module: its export of that name, its default export, or the module itself. A class
 * is made with the parameters; an object with `output` and `run` is taken as it is.
 * @throws DatenraffinerieError AnalysisError where the module has no such thing.
 */
export async function loadModule(path: string, name: string, parameters: ConfigMap): Promise<Analysis> {
  nodeModule.register?.(compiledModule('io/analysis/loader-hooks.js')); // from Node 20.6 on: TypeScript, and our helpers by name
  const module: unknown = await import(pathToFileURL(path).href);
  const exports =
    typeof module === 'object' && module !== null ? new Map<string, unknown>(Object.entries(module)) : new Map();
  for (const candidate of [exports.get(name), exports.get('default'), module]) {
    if (isClass(candidate)) return instance(candidate, path, parameters);
    if (isAnalysis(candidate)) return candidate;
  }
  const found = [...exports.keys()].join(', ');
  throw new DatenraffinerieError(
    'AnalysisError',
    `${path} has no analysis '${name}'; it exports ${found || 'nothing'}`,
    {
      remedy: `export a class with output() and run(tables, context) as '${name}' or as default`,
    },
  );
}

function instance(constructor: AnalysisClass, path: string, parameters: ConfigMap): Analysis {
  const analysis: unknown = new constructor(parameters);
  if (isAnalysis(analysis)) return analysis;
  throw new DatenraffinerieError('AnalysisError', `the class in ${path} lacks output() or run(tables, context)`);
}

function isClass(value: unknown): value is AnalysisClass {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

function isAnalysis(value: unknown): value is Analysis {
  return (
    typeof value === 'object' &&
    value !== null &&
    'output' in value &&
    typeof value.output === 'function' &&
    'run' in value &&
    typeof value.run === 'function'
  );
}
