import { join } from 'node:path';
import { cancellationSignal, log } from '@temporalio/activity';
import { keepNotes, notesKept, undeclaredNote, type Note } from '../domain/scan/notes.js';
import type { AnalyseOutcome, AnalyseTask } from '../domain/scan/tasks.js';
import { runAnalysis } from '../io/analysis/run-analysis.js';
import { downstreamIn } from '../io/configuration/downstream.js';
import { loadAnalysisProcedure } from '../io/configuration/frozen-procedure.js';
import { checkFolder } from '../io/output/output-folder.js';
import { withFailures } from './failures.js';
import { withHeartbeat } from './heartbeat.js';

/** Where a human is asked and nobody answers for a day, a calibration is not used. */
const patienceSeconds = 24 * 3600;

/** Runs users' analyses. */
export interface AnalyseActivities {
  analyse(task: AnalyseTask): Promise<AnalyseOutcome>;
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
  };
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
