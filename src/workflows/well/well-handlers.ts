import { setHandler, workflowInfo } from '@temporalio/workflow';
import { isTrouble } from '../../domain/scan/notes.js';
import type { StandNews } from '../../domain/scan/stand-news.js';
import {
  abortSignal,
  leaseGrantedSignal,
  leaseRefusedSignal,
  pauseSignal,
  progressQuery,
  releaseLeaseSignal,
  standNewsSignal,
  wellResumeSignal,
  waitingForSignal,
  yieldLeaseSignal,
} from '../definitions.js';
import { onSignal } from '../handlers.js';
import type { AbortRequest, PauseRequest, WellResumeRequest } from '../messages.js';
import { standWorkflowId } from '../names.js';
import { abortProblem, pauseProblem, standNewsProblem, wellResumeProblem } from '../request-problems.js';
import { tell } from '../tell.js';
import { progress, report, show, type Well } from './well-report.js';
import { waitFor } from './well-state.js';

/** What a Well is told; signals take effect between two runs. */
export function installHandlers(run: Well): void {
  setHandler(progressQuery, () => progress(run), { description: 'How far the procedure is, and what it waits for.' });
  hearScan(run);
  hearStand(run);
}

function hearScan(run: Well): void {
  const { control } = run;
  const pauses = 'Pauses after the run in hand; {"release": true} lends the stand meanwhile.';
  const pause = (request?: PauseRequest): void => {
    control.paused = request ?? {};
    control.chunk?.cancel();
  };
  const aborts = 'Ends after the run in hand; {"process": false} does not process what there is.';
  const abort = (request?: AbortRequest): void => {
    control.aborted = request ?? {};
    control.chunk?.cancel();
    control.ending?.cancel();
    if (request?.process === false) run.lanes.cancel();
  };
  onSignal(pauseSignal, pauses, pause, pauseProblem);
  onSignal(abortSignal, aborts, abort, abortProblem);
  const resume = (request?: WellResumeRequest | null): void => {
    control.paused = null;
    control.resumed++;
    if (request?.network === undefined) return;
    run.task = { ...run.task, context: { ...run.task.context, network: request.network } };
    control.chunk?.cancel(); // the next one reaches the stand there
  };
  onSignal(wellResumeSignal, 'Goes on; with other addresses where they are given.', resume, wellResumeProblem);
}

function hearStand(run: Well): void {
  const { control } = run;
  onSignal(leaseGrantedSignal, 'The stand is yours.', (number?: number) => takeGrant(run, number));
  onSignal(leaseRefusedSignal, 'The stand will not be yours.', (reason) => {
    if (isAsking(run)) control.refused = reason;
  });
  onSignal(yieldLeaseSignal, 'Somebody urgent wants the stand: lends it between two runs.', () => {
    if (!control.granted && run.task.release !== undefined) return; // it is given back already
    control.yielding = true;
    control.chunk?.cancel();
  });
  onSignal(
    standNewsSignal,
    'From the daq worker: what the stand does not do, or that it does again.',
    (news) => hearNews(run, news),
    standNewsProblem,
  );
  onSignal(waitingForSignal, 'Who has the stand.', (text) => {
    if (control.granted || !isAsking(run)) return;
    waitFor(control, 'stand', text);
    show(run);
  });
}

/** Only of the chunk in hand, and only what is newer than what is known. */
async function hearNews(run: Well, { at, waiting }: StandNews): Promise<void> {
  const { control } = run;
  if (control.chunk === undefined || at <= control.newsAt) return;
  control.newsAt = at;
  if (waiting !== undefined) control.waiting = waiting;
  else if (isTrouble(control.waiting)) control.waiting = undefined;
  await report(run);
}

/** Wells of 2.0.0 hear the stand at any time. */
function isAsking({ control, task }: Well): boolean {
  return control.asking || task.release === undefined;
}

/** A grant that is not waited for (any more) is given back at once: nobody else would. */
async function takeGrant(run: Well, number: number | undefined): Promise<void> {
  const { control, counts, task } = run;
  const isCurrent = number === undefined || number === counts.asked;
  if (isAsking(run) && (isCurrent || task.release === undefined)) {
    control.granted = true;
    control.asking = false;
    return;
  }
  if (control.granted && isCurrent) return; // is told once more
  await tell(standWorkflowId(task.context.stand), releaseLeaseSignal, workflowInfo().workflowId, number);
}
