import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { declaredFiles } from '../../domain/analysis/outputs.js';
import {
  keyVersion,
  parseRecord,
  whatChanged,
  type AnalysisKey,
  type AnalysisRecord,
} from '../../domain/analysis/record.js';
import { readIfExists } from '../files.js';
import { findAnalysis, type FoundAnalysis } from './find-module.js';
import { analysisKey } from './hash.js';
import { keysOfVersion1 } from './hash-version-1.js';
import type { AnalysisTask } from './task.js';

/** The record of the results in place, and why they do not hold. */
export interface Comparison {
  readonly record?: AnalysisRecord;
  readonly reason?: string;
}

/** Why the analysis will run, undefined where its results are there and still hold. */
export async function whyAnalyse(task: AnalysisTask): Promise<string | undefined> {
  const { reason } = await compare(task, await findAnalysis(task.module, task.folders));
  return reason;
}

export async function compare(task: AnalysisTask, found: FoundAnalysis): Promise<Comparison> {
  const file = join(task.outputDir, 'analysis.json');
  const text = await readIfExists(file);
  if (text === undefined) return { reason: 'it has not been run here' };
  const record = parseRecord(text, file);
  const missing = declaredFiles(record.outputs).filter((name) => !existsSync(join(task.outputDir, name)));
  if (missing.length > 0) return { record, reason: `its output ${missing.join(', ')} is missing` };
  const reason = await whyOutdated(record, task, found);
  return reason === undefined ? { record } : { record, reason };
}

export async function keyOf(task: AnalysisTask, found: FoundAnalysis): Promise<AnalysisKey> {
  const inputs = task.inputs.map(({ sha256 }) => sha256);
  return analysisKey(found, inputs, task.mode, task.parameters);
}

/** A key is compared by the rules by which it was made. */
async function whyOutdated(
  record: AnalysisRecord,
  task: AnalysisTask,
  found: FoundAnalysis,
): Promise<string | undefined> {
  const { version = 1 } = record.key;
  if (version > keyVersion) return 'a newer version of the software has made its results';
  if (version === keyVersion) return whatChanged(record.key, await keyOf(task, found));
  const { before, now } = await keysOfVersion1(record, task, found);
  return whatChanged(before, now);
}
