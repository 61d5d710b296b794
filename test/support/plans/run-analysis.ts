import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compare } from '../../../src/io/analysis/compare.js';
import { findAnalysis } from '../../../src/io/analysis/find-module.js';
import type { AnalysisBasis } from '../../../src/io/analysis/basis.js';
import { runAnalysis, type AnalysisRun } from '../../../src/io/analysis/run-analysis.js';
import { temporaryFolder } from '../disk/folders.js';
import { python } from '../tools/python.js';
import { writeTable, type NumberColumns } from '../tables/tables.js';

/** A folder with files of the given contents. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

export interface Bench {
  readonly outputDir: string;
  readonly logged: string[];
  run(task: Partial<AnalysisRun> & { module: string }): ReturnType<typeof runAnalysis>;
}

/** Why an analysis would run, undefined where its results hold. */
export async function whyAnalyse(task: AnalysisBasis): Promise<string | undefined> {
  return (await compare(task, await findAnalysis(task.module, task.folders))).reason;
}

const rows = Array.from({ length: 100 }, (_, i) => i);
const smallTable = { chip: rows.map(() => 1), channel: rows, adc_mean: rows.map((i) => 200 + i / 2) };

/** An output folder and a table (by default 100 rows of `chip`, `channel`, `adc_mean`), ready to analyse. */
export async function analysisBench(columns: NumberColumns = smallTable): Promise<Bench> {
  const folder = temporaryFolder();
  const table = join(folder, 'a_scan.h5');
  await writeTable(table, columns);
  const logged: string[] = [];
  const common = {
    folders: [],
    inputs: [{ path: table, sha256: 'of the table' }],
    mode: 'summary' as const,
    parameters: new Map(),
    outputDir: join(folder, 'out', 'the_analysis'),
    python: python ?? 'python3',
    timeLimit: 60,
    signal: new AbortController().signal,
    log: (text: string) => void logged.push(text),
  };
  return { outputDir: common.outputDir, logged, run: (task) => runAnalysis({ ...common, ...task }) };
}
