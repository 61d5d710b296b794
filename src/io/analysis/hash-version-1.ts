import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { versions } from '../../analyses/versions.js';
import { codeOfVersion, type AnalysisKey, type AnalysisRecord } from '../../domain/analysis/record.js';
import { Float, isList, isMap, type TypedValue } from '../../domain/config/value.js';
import { textSha256 } from '../files.js';
import { packageFile } from '../compiled.js';
import type { FoundAnalysis } from './find-module.js';
import type { AnalysisBasis } from './basis.js';

/*
 * The keys of release 2.0.0, version 1: whether records that it has written still hold. Nothing new is written so, and
 * nothing here is ever changed. It goes when folders of 2.0.0 need not be reused any more: with release 3.0 at the
 * earliest.
 */

/** The runner of Python analyses as it was in 2.0.0: its text was part of their code. */
const runner = packageFile('python/runner-2.0.0.txt');
const codeFile = /\.(js|mjs|cjs|ts|py|json|ya?ml|toml)$/;
const skipped = new Set(['node_modules', '__pycache__', 'dist', 'venv']);
const maxFiles = 5000;

/** The key of a record of 2.0.0, and what it would be now. */
export async function keysOfVersion1(
  record: AnalysisRecord,
  { inputs, mode, parameters }: AnalysisBasis,
  found: FoundAnalysis,
): Promise<{ before: AnalysisKey; now: AnalysisKey }> {
  // those that shipped then are version 1, whatever the hash of their files was; of users' analyses the path is kept
  const before = isAbsolute(record.code) ? record.key : { ...record.key, code: codeOfVersion(1) };
  const now = {
    inputs: inputs.map(({ sha256 }) => sha256),
    parameters: textSha256(JSON.stringify([found.name, mode, encodeValue(parameters)])),
    code: found.shipped ? codeOfVersion(versions[found.name]) : await hashCode(found),
  };
  return { before, now };
}

/** Of all code in the analysis' folder: the collection, or the folder of its `index.js`. */
async function hashCode({ language, path }: FoundAnalysis): Promise<string> {
  const folder = language === 'python' ? path : dirname(path);
  const hash = createHash('sha256');
  if (language === 'python') hash.update(await readFile(runner));
  for (const file of await codeFiles(folder)) {
    hash.update(`\0${relative(folder, file)}\0`);
    hash.update(await readFile(file));
  }
  return hash.digest('hex');
}

/** None where there are more than an analysis could have had. */
async function codeFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  const waiting = [folder];
  for (let here = waiting.pop(); here !== undefined; here = waiting.pop()) {
    for (const entry of await readdir(here, { withFileTypes: true })) {
      const path = join(here, entry.name);
      if (entry.isDirectory() && !skipped.has(entry.name) && !entry.name.startsWith('.')) waiting.push(path);
      else if (entry.isFile() && codeFile.test(entry.name)) files.push(path);
    }
    if (files.length > maxFiles) return [];
  }
  return files.sort();
}

/** JSON made null of NaN and infinity, and 2 of 2.0. */
function encodeValue(value: TypedValue): unknown {
  if (isMap(value)) return { map: [...value].map(([key, member]) => [key, encodeValue(member)]) };
  if (isList(value)) return { list: value.map(encodeValue) };
  return value instanceof Float ? value.value : value;
}
