import { join } from 'node:path';
import { declaredFiles } from '../../domain/analysis/outputs.js';
import type { AnalysisRecord } from '../../domain/analysis/record.js';
import { durationText, timeText } from '../../domain/quantities.js';
import type { AnalysisReport, Fact } from '../../domain/report/model.js';
import { exists, readTail } from '../files.js';
import { readAnalysisRecord } from '../output/analysis-record.js';
import { recordName, stderrName } from '../output/paths.js';
import { previewCsv } from './csv-preview.js';
import { isPicture, readPictures } from './pictures.js';

/** Lines of stderr that a report shows. */
const maxMessages = 40;
/** Read of a log of any size. */
const tailBytes = 1 << 16;

export interface ReadAnalysis {
  readonly report: AnalysisReport;
  readonly record: AnalysisRecord | undefined;
}

/** Reads the folder of an analysis procedure: its outputs, or what is left of an attempt that failed. */
export async function readAnalysis(folder: string, name: string): Promise<ReadAnalysis> {
  const { record, problem } = await readAnalysisRecord(folder);
  const messages = [...(problem === undefined ? [] : [problem]), ...(await messagesOf(folder))];
  if (record === undefined) {
    return { report: failedAnalysis(name, messages), record: undefined };
  }
  const names = [...new Set([...declaredFiles(record.outputs), ...record.undeclared])];
  const csv = names.filter((each) => each.endsWith('.csv'));
  const tables = await Promise.all(csv.map((each) => previewCsv(join(folder, each), each)));
  const report: AnalysisReport = {
    name,
    state: 'done',
    facts: factsOf(record),
    quality: record.quality ?? undefined,
    plots: await readPictures(folder, names),
    tables,
    badChannels: tables.flatMap(({ flagged }) => flagged.map((each) => ({ ...each, analysis: name }))),
    otherFiles: names.filter((each) => !isPicture(each) && !csv.includes(each)).map((each) => `${name}/${each}`),
    messages,
  };
  return { report, record };
}

/** What is shown of an analysis without results. */
export function failedAnalysis(name: string, messages: readonly string[]): AnalysisReport {
  const nothing = { facts: [], quality: undefined, plots: [], tables: [], badChannels: [], otherFiles: [] };
  return { name, state: 'failed', ...nothing, messages };
}

/** Whether a folder is that of an analysis, finished or failed. */
export async function isAnalysisFolder(folder: string): Promise<boolean> {
  return (await exists(join(folder, recordName))) || (await exists(join(folder, stderrName)));
}

function factsOf(record: AnalysisRecord): Fact[] {
  const seconds = (Date.parse(record.end) - Date.parse(record.start)) / 1000;
  return [
    { name: 'analysis', value: `${record.module} (${record.language}, ${record.code})` },
    { name: 'done', value: `${timeText(record.end)}, took ${durationText(seconds)}` },
    ...(record.undeclared.length > 0 ? [{ name: 'undeclared files', value: record.undeclared.join(', ') }] : []),
  ];
}

async function messagesOf(folder: string): Promise<string[]> {
  const text = await readTail(join(folder, stderrName), tailBytes).catch(() => '');
  const lines = text.trimEnd().split('\n');
  return lines[0] === '' ? [] : lines.slice(-maxMessages);
}
