import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import { versions } from '../../analyses/versions.js';
import { encodeValue } from '../../domain/analysis/job.js';
import { codeOfVersion, keyVersion, type AnalysisKey } from '../../domain/analysis/record.js';
import type { Mode } from '../../domain/config/procedure.js';
import type { TypedMap } from '../../domain/config/value.js';
import { fileSha256, textSha256 } from '../files.js';
import type { FoundAnalysis } from './find-module.js';
import { ownFiles, unreadable } from './own-files.js';

/**
 * Version of what users' analyses are given besides their data and parameters: by python/runner.py, and by the context
 * and `datenraffinerie/analysis`. Declared, not hashed: a release that only repairs an error message there must not run
 * everybody's analyses again. Raise it where the same analysis would come to give other results.
 */
const givenVersions = { javascript: 1, python: 1 } as const;

/** One hash for everything that decides what an analysis gives: the same hash means that its results still hold. */
export function analysisHash({ version, inputs, parameters, code }: AnalysisKey): string {
  return textSha256(JSON.stringify([version, inputs, parameters, code]));
}

/** `inputs` are the sha256 of the tables, in order. */
export async function analysisKey(
  found: FoundAnalysis,
  inputs: readonly string[],
  mode: Mode,
  parameters: TypedMap,
): Promise<AnalysisKey> {
  return {
    version: keyVersion,
    inputs,
    parameters: textSha256(JSON.stringify([found.name, mode, encodeValue(parameters)])),
    code: found.shipped ? codeOfVersion(versions[found.name]) : await hashOwnFiles(found),
  };
}

async function hashOwnFiles({ language, codeFolder }: FoundAnalysis): Promise<string> {
  const hash = createHash('sha256').update(`${language} ${givenVersions[language]}`);
  for (const file of await ownFiles(codeFolder)) {
    hash.update(`\0${relative(codeFolder, file)}\0${await contentOf(file)}`);
  }
  return hash.digest('hex');
}

/** What we may not read, the analysis may not read either. */
async function contentOf(file: string): Promise<string> {
  return fileSha256(file).catch((error: unknown) => {
    if (unreadable(error)) return 'unreadable';
    throw error;
  });
}
