import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { declaredFiles } from '../../domain/analysis/outputs.js';
import { keyVersion, newer, whatChanged, type AnalysisKey, type AnalysisRecord } from '../../domain/analysis/record.js';
import { readAnalysisRecord } from '../output/analysis-record.js';
import type { FoundAnalysis } from './find-module.js';
import { analysisKey } from './hash.js';
import { keysOfVersion1 } from './hash-version-1.js';
import type { AnalysisBasis } from './basis.js';

/** The record of the results in place, why they do not hold, and what is to be said of them where they do. */
export interface Comparison {
  readonly record?: AnalysisRecord;
  readonly reason?: string;
  readonly note?: string;
}

export async function compare(task: AnalysisBasis, found: FoundAnalysis): Promise<Comparison> {
  const { record, problem } = await readAnalysisRecord(task.outputDir);
  if (problem !== undefined) return { reason: `its record cannot be read: ${problem}` };
  if (record === undefined) return { reason: 'it has not been run here' };
  const missing = declaredFiles(record.outputs).filter((name) => !existsSync(join(task.outputDir, name)));
  if (missing.length > 0) return { record, reason: `its output ${missing.join(', ')} is missing` };
  if (task.again !== undefined && task.again !== record.again) return { record, reason: await whyAgain(record, task) };
  const reason = await whyOutdated(record, task, found);
  if (reason === undefined) return { record };
  const runs = reason === newer ? await runsDownstream(record, task) : 0;
  if (runs === 0) return { record, reason };
  const remedy = `--again ${basename(task.outputDir)} runs it`;
  return { record, note: `${newer}: ${runsText(runs)} downstream would be measured again (${remedy})` };
}

async function whyAgain(record: AnalysisRecord, task: AnalysisBasis): Promise<string> {
  const runs = await runsDownstream(record, task);
  const warning = `: ${runsText(runs)} downstream would be measured again where its calibration changes`;
  return `it is asked for again${runs === 0 ? '' : warning}`;
}

/** Runs that were measured with the calibration in place: it stays in force for them until somebody says otherwise. */
async function runsDownstream({ calibration }: AnalysisRecord, task: AnalysisBasis): Promise<number> {
  if (calibration === null || task.downstream === undefined) return 0;
  return task.downstream({ path: join(task.outputDir, calibration.path), sha256: calibration.sha256 });
}

function runsText(runs: number): string {
  return runs === 1 ? '1 run' : `${runs} runs`;
}

export async function keyOf(task: AnalysisBasis, found: FoundAnalysis): Promise<AnalysisKey> {
  const inputs = task.inputs.map(({ sha256 }) => sha256);
  return analysisKey(found, inputs, task.mode, task.parameters);
}

/** A key is compared by the rules by which it was made. */
async function whyOutdated(
  record: AnalysisRecord,
  task: AnalysisBasis,
  found: FoundAnalysis,
): Promise<string | undefined> {
  const { version = 1 } = record.key;
  if (version > keyVersion) return 'a newer version of the software has made its results';
  if (version === keyVersion) return whatChanged(record.key, await keyOf(task, found));
  const { before, now } = await keysOfVersion1(record, task, found);
  return whatChanged(before, now);
}
