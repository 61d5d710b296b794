import { join } from 'node:path';
import { cancellationSignal, log } from '@temporalio/activity';
import { keepNotes, notesKept, undeclaredNote, type Note } from '../domain/scan/notes.js';
import type { AnalyseOutcome, AnalyseTask, FileReference, TryAnalysesTask } from '../domain/scan/tasks.js';
import { DatenraffinerieError } from '../domain/errors.js';
import { readAnalysisRecord } from '../io/output/analysis-record.js';
import { tryAnalysis } from '../io/analysis/try-analysis.js';
import { runAnalysis } from '../io/analysis/run-analysis.js';
import { downstreamIn } from '../io/configuration/downstream.js';
import { loadAnalysisProcedure } from '../io/configuration/frozen-procedure.js';
import { checkFolder } from '../io/output/output-folder.js';
import { failureText, withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';

/** Where a human is asked and nobody answers for a day, a calibration is not used. */
const patienceSeconds = 24 * 3600;

/** Trying takes half a second each; one that takes this long is not judged. */
const triedMs = 60_000;
const triedAtMost = 20;

/** Runs users' analyses. */
export interface AnalyseActivities {
  analyse(task: AnalyseTask): Promise<AnalyseOutcome>;
  /** What is wrong with analyses that have no results yet, as far as it shows without data: a text for each. */
  tryAnalyses(task: TryAnalysesTask): Promise<readonly string[]>;
}

/** What an analysis worker is told by its command line. */
export interface AnalyseSetting {
  /** Folders with the user's analyses, absolute. */
  readonly analyses: readonly string[];
  readonly python: string;
  /** Seconds an analysis may take. */
  readonly timeLimit: number;
}

export function createAnalyseActivities(setting: AnalyseSetting): AnalyseActivities {
  return {
    analyse: (task) =>
      withHeartbeat(
        () => null,
        () => withFailures(() => analyse(setting, task)),
      ),
    tryAnalyses: (task) =>
      withHeartbeat(
        () => null,
        () => withFailures(() => tryAll(setting, task)),
      ),
  };
}

/** One after the other: a scan has few. */
async function tryAll(setting: AnalyseSetting, { context, analyses }: TryAnalysesTask): Promise<string[]> {
  const findings: string[] = [];
  for (const { name, file } of analyses.slice(0, triedAtMost)) {
    // what has results has shown that it can be made, and may be used again where its packages no longer are
    if ((await readAnalysisRecord(join(context.output, name))).record !== undefined) continue;
    const finding = await tryOne(setting, file);
    if (finding !== undefined) findings.push(`${name}: ${finding}`);
  }
  return findings;
}

async function tryOne({ analyses, python }: AnalyseSetting, file: FileReference): Promise<string | undefined> {
  const procedure = await loadAnalysisProcedure(file);
  const cancelled = cancellationSignal();
  const signal = AbortSignal.any([cancelled, AbortSignal.timeout(triedMs)]);
  try {
    await tryAnalysis(procedure, { folders: analyses, python, signal });
    return undefined;
  } catch (error) {
    cancelled.throwIfAborted();
    if (error instanceof DatenraffinerieError && error.type !== 'StorageError') return failureText(error);
    log.info(`${procedure.moduleName} could not be tried`, { error });
    return undefined;
  }
}

async function analyse(setting: AnalyseSetting, task: AnalyseTask): Promise<AnalyseOutcome> {
  const { context, name, inputs, mode } = task;
  await checkFolder(context);
  const procedure = await loadAnalysisProcedure(task.file);
  const output = join(context.output, name);
  const result = await runAnalysis({
    module: procedure.moduleName,
    folders: setting.analyses,
    inputs,
    mode,
    parameters: procedure.parameters,
    outputDir: output,
    again: task.again === true ? context.firstRunId : undefined,
    downstream: downstreamIn(context.output, context.board),
    python: setting.python,
    timeLimit: setting.timeLimit,
    signal: cancellationSignal(),
    log: (text) => log.info(text),
  });
  const { quality, calibration, reused, note, undeclared } = result;
  const newer: Note[] = note === undefined ? [] : [{ kind: 'newer', text: note }];
  return {
    output,
    calibration: calibration ?? null,
    verdict: quality?.verdict ?? 'accept',
    reason: quality?.reason ?? '',
    timeoutSeconds: quality?.timeout ?? patienceSeconds,
    onTimeout: quality?.default ?? 'reject',
    reused,
    undeclared: undeclared.slice(0, notesKept),
    notes: keepNotes(newer, ...undeclared.map(undeclaredNote)),
  };
}
