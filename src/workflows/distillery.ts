import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { waits, keepNotes, noted, undeclaredNote, type Note, type Waiting } from '../domain/scan/notes.js';
import type { AnalyseOutcome, DistilleryOutcome, DistilleryTask } from '../domain/scan/tasks.js';
import { analysis } from './activities.js';
import type { AnswerRequest, ProcedureProgress, ProcedureState, ScanProgress } from './messages.js';
import { attribute, describeProgress, noProgress } from './progress.js';
import { abortSignal, answerSignal, procedureProgressSignal, progressQuery } from './definitions.js';
import { tell } from './tell.js';

interface Distillery {
  readonly task: DistilleryTask;
  state: ProcedureState;
  notes: readonly Note[];
  waiting: Waiting | undefined;
  answer: AnswerRequest['verdict'] | undefined;
  aborted: boolean;
}

/** One analysis procedure: analyse → judge its calibration, by the analysis itself or by a human. */
export async function distillery(task: DistilleryTask): Promise<DistilleryOutcome> {
  const nothing = { notes: [], waiting: undefined, answer: undefined, aborted: false };
  const run: Distillery = { task, state: 'waiting', ...nothing };
  setHandler(progressQuery, () => progress(run));
  setHandler(abortSignal, () => void (run.aborted = true));
  setHandler(answerSignal, ({ verdict }) => void (run.answer ??= verdict));
  try {
    await enter(run, 'analysing');
    const outcome = await analyse(task);
    run.notes = keepNotes(outcome.notes ?? outcome.undeclared.map(undeclaredNote));
    const judged = await judge(run, outcome);
    await enter(run, 'done');
    return { output: outcome.output, calibration: outcome.calibration, ...judged };
  } catch (error) {
    run.waiting = undefined;
    await CancellationScope.nonCancellable(() => enter(run, isCancellation(error) ? 'aborted' : 'failed'));
    throw error;
  }
}

function analyse(task: DistilleryTask): Promise<AnalyseOutcome> {
  const { context, procedure, inputs } = task;
  return analysis.analyse.executeWithOptions({ summary: `${procedure.name}: ${procedure.moduleName}` }, [
    {
      ...{ context, name: procedure.name, file: procedure.file, inputs, mode: procedure.mode },
      ...(procedure.again === undefined ? {} : { again: procedure.again }),
    },
  ]);
}

async function judge(
  run: Distillery,
  outcome: AnalyseOutcome,
): Promise<Pick<DistilleryOutcome, 'accepted' | 'reason'>> {
  const { verdict, reason, onTimeout, timeoutSeconds } = outcome;
  if (verdict !== 'ask') return { accepted: verdict === 'accept', reason };
  const text = `an answer to ${run.task.procedure.name}: ${reason}`;
  run.waiting = { kind: 'answer', text, since: new Date().toISOString() };
  await enter(run, 'paused');
  const answered = await condition(() => run.answer !== undefined || run.aborted, `${timeoutSeconds} seconds`);
  run.waiting = undefined;
  if (run.aborted && run.answer === undefined) return { accepted: false, reason: `${reason} (the scan was aborted)` };
  const said = run.answer ?? onTimeout;
  return {
    accepted: said === 'accept',
    reason: `${reason} (${answered ? 'answered' : 'nobody answered, so'}: ${said})`,
  };
}

async function enter(run: Distillery, state: ProcedureState): Promise<void> {
  if (run.state !== state) upsertSearchAttributes([attribute('phase', state)]);
  run.state = state;
  setCurrentDetails(describeProgress(progress(run)));
  await tell(run.task.context.scan, procedureProgressSignal, line(run));
}

function line({ task, state, notes, waiting }: Distillery): ProcedureProgress {
  return { ...noProgress(task.procedure), state, ...noted(notes), ...waits(waiting) };
}

function progress(run: Distillery): ScanProgress {
  return {
    phase: run.state,
    stand: run.task.context.stand,
    ...waits(run.waiting),
    notes: [],
    procedures: [line(run)],
  };
}
