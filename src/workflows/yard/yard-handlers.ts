import { setHandler, workflowInfo } from '@temporalio/workflow';
import {
  abortSignal,
  abortUpdate,
  acquiredSignal,
  answerUpdate,
  pauseSignal,
  pauseUpdate,
  procedureProgressSignal,
  progressQuery,
  resumeSignal,
  resumeUpdate,
} from '../definitions.js';
import { onSignal, onUpdate } from '../handlers.js';
import { abortProblem, pauseProblem, resumeProblem } from '../request-problems.js';
import { tellPeople } from '../tell.js';
import { passAnswer, refusedAnswer } from './answers.js';
import { abortScan, pauseScan, resumeScan } from './commands.js';
import { findNotice } from './notices.js';
import { show } from './show.js';
import { takeTold, toldProblem } from './told.js';
import { isCancelled, progressOf, type Yard, type YardEntry } from './yard.js';

type Problem = (...parameters: unknown[]) => string | undefined;

const does = {
  pause: 'Pauses after the run in hand; {"release": true} lends the stand to others meanwhile.',
  resume:
    'Goes on after a pause; what waits for something outside looks again at once. {"network": FILE}: with its addresses.',
  abort: 'Ends after the run in hand; {"process": false} leaves what was measured unprocessed.',
  answer: 'Accepts or rejects a calibration that waits for a human.',
} as const;

const none: Problem = () => undefined;

/** What a scan is told: by people, whose wishes are handed on to its children, and by its children. */
export function installHandlers(yard: Yard): void {
  setHandler(progressQuery, () => progressOf(yard), { description: 'What the scan and its procedures are doing.' });
  listenToPeople(yard);
  listenToChildren(yard);
  onUpdate(
    answerUpdate,
    does.answer,
    (request) => passAnswer(yard, request),
    (request) => refusedAnswer(yard, request),
  );
  if (!yard.newer) return;
  // a worker of 2.0.0, to which a scan of that may go back, has no such updates
  onUpdate(pauseUpdate, does.pause, (request?) => pauseScan(yard, request ?? {}), pauseProblem);
  onUpdate(resumeUpdate, does.resume, (request?) => resumeScan(yard, request ?? {}), resumeProblem);
  onUpdate(abortUpdate, does.abort, (request?) => abortScan(yard, request ?? {}), abortProblem);
  yard.root.cancelRequested.catch(() => show(yard));
}

function listenToPeople(yard: Yard): void {
  const pause = async (request?: Parameters<typeof pauseScan>[1]): Promise<void> =>
    void (await pauseScan(yard, request ?? {}));
  const abort = async (request?: Parameters<typeof abortScan>[1]): Promise<void> =>
    void (await abortScan(yard, request ?? {}));
  const resume = async (request?: Parameters<typeof resumeScan>[1]): Promise<void> =>
    void (await resumeScan(yard, request ?? {}));
  onSignal(pauseSignal, does.pause, pause, checkedBy(yard, pauseProblem));
  onSignal(resumeSignal, does.resume, resume, checkedBy(yard, resumeProblem));
  onSignal(abortSignal, does.abort, abort, checkedBy(yard, abortProblem));
}

function listenToChildren(yard: Yard): void {
  const hear = async (told: Parameters<typeof takeTold>[2]): Promise<void> => {
    const entry = yard.byName.get(told.name);
    if (entry === undefined || !takeTold(yard, entry, told)) return;
    show(yard);
    if (!isCancelled(yard)) await yard.root.run(() => tellOfProgress(yard, entry));
  };
  const setFree = (name: string): void => {
    const entry = yard.byName.get(name);
    if (entry !== undefined && (entry.begun || !yard.newer)) entry.acquired = true;
  };
  onSignal(procedureProgressSignal, 'From a child: its progress.', hear, checkedBy(yard, toldProblem));
  onSignal(acquiredSignal, 'From a Well of 2.0.0: the stand is free for the next procedure.', setFree);
}

/** A scan of 2.0.0 took what came as it came: its history holds what it did then. */
function checkedBy({ newer }: Yard, problem: Problem): Problem {
  return newer ? problem : none;
}

/** Goes with the scan: who cancels it need not hear of its details. */
async function tellOfProgress({ stand }: Yard, entry: YardEntry): Promise<void> {
  const found = findNotice(entry.noticed, entry.progress);
  if (found === undefined) return;
  const { event, message, noticed } = found;
  entry.noticed = noticed;
  await tellPeople({ event, scan: workflowInfo().workflowId, stand, procedure: entry.procedure.name, message });
}
