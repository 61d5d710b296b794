import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatenraffinerieError } from '../../domain/errors.js';
import { encodeValue } from '../../domain/analysis/job.js';
import type { AnalysisKey } from '../../domain/analysis/record.js';
import type { Mode } from '../../domain/config/procedure.js';
import type { ConfigMap } from '../../domain/config/value.js';
import type { FoundAnalysis } from './find-module.js';

const codeFile = /\.(js|mjs|cjs|ts|py|json|ya?ml|toml)$/;
const skipped = new Set(['node_modules', '__pycache__', 'dist', 'venv']);
/** More code than a collection of analyses has: somebody's home folder, say. */
const maxFiles = 5000;

/** Runs Python analyses; part of their code. */
export const pythonRunner = fileURLToPath(new URL('../../../python/runner.py', import.meta.url));

/** One hash for everything that decides what an analysis gives: the same hash means that its results still hold. */
export function analysisHash(key: AnalysisKey): string {
  return sha256(JSON.stringify([key.inputs, key.parameters, key.code]));
}

/** `inputs` are the sha256 of the tables, in order; the code is all code in the analysis' folder. */
export async function analysisKey(
  found: FoundAnalysis,
  inputs: readonly string[],
  mode: Mode,
  parameters: ConfigMap,
): Promise<AnalysisKey> {
  return {
    inputs,
    parameters: sha256(JSON.stringify([found.name, mode, encodeValue(parameters)])),
    code: await codeHash(found),
  };
}

async function codeHash(found: FoundAnalysis): Promise<string> {
  const files = await codeFiles(found.codeFolder, found.shipped ? new Set() : skipped);
  const hash = createHash('sha256');
  if (found.language === 'python') hash.update(await readFile(pythonRunner));
  for (const file of files) {
    hash.update(`\0${relative(found.codeFolder, file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

async function codeFiles(folder: string, skip: ReadonlySet<string>): Promise<string[]> {
  const files: string[] = [];
  const waiting = [folder];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    for (const entry of await readdir(here, { withFileTypes: true })) {
      const path = join(here, entry.name);
      if (entry.isDirectory() && !skip.has(entry.name) && !entry.name.startsWith('.')) waiting.push(path);
      else if (entry.isFile() && codeFile.test(entry.name)) files.push(path);
    }
    if (files.length > maxFiles) throw tooMany(folder);
  }
  return files.sort();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function tooMany(folder: string): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `${folder} has more than ${maxFiles} files of code`, {
    remedy: 'keep the analyses in a folder of their own',
  });
}
