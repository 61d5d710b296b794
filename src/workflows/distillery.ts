import { CancellationScope, condition, isCancellation, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { timeText } from '../domain/quantities.js';
import { waits, keepNotes, noted, undeclaredNote, type Note, type Waiting } from '../domain/scan/notes.js';
import type { AnalyseOutcome, DistilleryOutcome, DistilleryTask } from '../domain/scan/tasks.js';
import { analysis } from './activities.js';
import { setAttributes } from './attributes.js';
import type { AnswerRequest, DistilleryResult, ProcedureProgress, ProcedureState, ScanProgress } from './messages.js';
import { describeProgress, noProgress, type ToldProgress } from './progress.js';
import { abortSignal, answerSignal, procedureProgressSignal, progressQuery } from './definitions.js';
import { waitingTime } from './duration.js';
import { onSignal } from './handlers.js';
import { abortProblem, answerProblem } from './request-problems.js';
import { tell } from './tell.js';

interface Distillery {
  readonly task: DistilleryTask;
  state: ProcedureState;
  notes: readonly Note[];
  waiting: Waiting | undefined;
  answer: AnswerRequest | undefined;
  aborted: boolean;
  /** The analysis itself: an abort ends it. Those of 2.0.0 saw it through. */
  analysing: CancellationScope | undefined;
  /** Number of what was told last. */
  told: number;
}

/** One analysis procedure: analyse → judge its calibration, by the analysis itself or by a human. */
export async function distillery(task: DistilleryTask): Promise<DistilleryResult> {
  const nothing = { notes: [], waiting: undefined, answer: undefined, aborted: false, analysing: undefined, told: 0 };
  const run: Distillery = { task, state: 'waiting', ...nothing };
  installHandlers(run);
  try {
    await enter(run, 'analysing');
    const outcome = await analyse(run);
    if (outcome === undefined) return await endAborted(run);
    run.notes = keepNotes(outcome.notes ?? outcome.undeclared.map(undeclaredNote));
    const judged = await judge(run, outcome);
    setVerdict(task, judged.accepted);
    await enter(run, 'done');
    const { output, calibration } = outcome;
    return { output, calibration, ...judged, ...(task.release === undefined ? {} : { progress: line(run) }) };
  } catch (error) {
    run.waiting = undefined;
    await CancellationScope.nonCancellable(() => enter(run, isCancellation(error) ? 'aborted' : 'failed'));
    throw error;
  }
}

function installHandlers(run: Distillery): void {
  setHandler(progressQuery, () => progress(run), { description: 'What the analysis is doing.' });
  // one of 2.0.0 took what came as it came: its history holds what it did then
  const isNewer = run.task.release !== undefined;
  const none = (): undefined => undefined;
  const abort = (): void => {
    run.aborted = true;
    run.analysing?.cancel();
  };
  onSignal(
    abortSignal,
    'Ends the analysis, or the wait for an answer: the calibration is rejected.',
    abort,
    isNewer ? abortProblem : none,
  );
  const answer = (given: AnswerRequest): void => void (run.answer ??= given);
  onSignal(answerSignal, 'Accepts or rejects the calibration.', answer, isNewer ? answerProblem : none);
}

/** @returns undefined where the scan was aborted meanwhile, or before */
async function analyse(run: Distillery): Promise<AnalyseOutcome | undefined> {
  if (run.task.release === undefined) return analyseNow(run.task);
  if (run.aborted) return undefined;
  const scope = new CancellationScope();
  run.analysing = scope;
  try {
    return await scope.run(() => analyseNow(run.task));
  } catch (error) {
    // a worker that dies over it fails it, where it would else be tried again
    if (run.aborted && !CancellationScope.current().consideredCancelled) return undefined;
    throw error;
  } finally {
    run.analysing = undefined;
  }
}

async function endAborted(run: Distillery): Promise<DistilleryResult> {
  await enter(run, 'aborted');
  const reason = 'the scan was aborted';
  return { output: '', calibration: null, accepted: false, reason, aborted: true, progress: line(run) };
}

function analyseNow(task: DistilleryTask): Promise<AnalyseOutcome> {
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
): Promise<Pick<DistilleryOutcome, 'accepted' | 'reason' | 'answer'>> {
  const { verdict, reason, onTimeout, timeoutSeconds } = outcome;
  if (verdict !== 'ask') return { accepted: verdict === 'accept', reason };
  const text = `an answer to ${run.task.procedure.name}: ${reason}`;
  run.waiting = { kind: 'answer', text, since: new Date().toISOString(), ...remedyOf(run, outcome) };
  await enter(run, run.task.release === undefined ? 'paused' : 'asking');
  const isOver = (): boolean => run.answer !== undefined || run.aborted;
  const answered = await condition(isOver, waitingTime(timeoutSeconds), { summary: `then ${onTimeout}` });
  run.waiting = undefined;
  if (run.aborted && run.answer === undefined) return { accepted: false, reason: `${reason} (the scan was aborted)` };
  const { verdict: said, operator } = run.answer ?? { verdict: onTimeout };
  const by = answered ? (operator ?? 'somebody') : null;
  const name = operator === undefined ? '' : ` by ${operator}`;
  return {
    accepted: said === 'accept',
    reason: `${reason} (${answered ? `answered${name}` : 'nobody answered, so'}: ${said})`,
    ...(run.task.release === undefined ? {} : { answer: { verdict: said, by, at: new Date().toISOString() } }),
  };
}

/** What the Web UI can search for. */
function setVerdict({ context }: DistilleryTask, accepted: boolean): void {
  setAttributes(context.searchAttributes, { verdict: accepted ? 'accepted' : 'rejected' });
}

/** The command that answers, and until when. */
function remedyOf(run: Distillery, { timeoutSeconds, onTimeout }: AnalyseOutcome): Pick<Waiting, 'remedy'> {
  if (run.task.release === undefined) return {};
  const end = new Date(Date.now() + 1000 * timeoutSeconds);
  const until = Number.isNaN(end.getTime()) ? '' : ` until ${timeText(end.toISOString())}, then ${onTimeout}`;
  const { context, procedure } = run.task;
  return { remedy: `datenraffinerie answer ${context.scan} accept|reject --procedure ${procedure.name}${until}` };
}

async function enter(run: Distillery, state: ProcedureState): Promise<void> {
  const { context, release } = run.task;
  if (run.state !== state) setAttributes(context.searchAttributes, { phase: state });
  run.state = state;
  setCurrentDetails(describeProgress(progress(run)));
  if (release !== undefined && state === 'done') return; // told with the result
  await tell(context.scan, procedureProgressSignal, release === undefined ? line(run) : numbered(run));
}

/** Two signals may overtake each other: the scan keeps the later one. Grows by the clock, and so also after a reset. */
function numbered(run: Distillery): ToldProgress {
  run.told = Math.max(run.told + 1, Date.now());
  return { ...line(run), number: run.told };
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
