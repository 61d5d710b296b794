import { ApplicationFailure } from '@temporalio/common';
import type { FileReference } from '../../domain/scan/tasks.js';
import { configuration } from '../activities.js';
import { abortSignal, pauseSignal, wellResumeSignal } from '../definitions.js';
import type { AbortRequest, PauseRequest, ResumeRequest } from '../messages.js';
import { handOn } from './hand-on.js';
import { show } from './show.js';
import { isCancelled, type Yard } from './yard.js';

/** What people can want of a scan. Each says what becomes of it, in a sentence that is true when it is said. */

export async function pauseScan(yard: Yard, request: PauseRequest): Promise<string> {
  const over = overText(yard);
  if (over !== undefined) return over;
  const { paused } = yard;
  if (yard.newer && paused !== null && (paused.release === true) === (request.release === true))
    return 'is paused already';
  yard.paused = request;
  const text = `paused; ${runInHand(yard)}`;
  await handOn(yard, pauseSignal, request);
  show(yard);
  return text;
}

/**
 * Also tells what waits for something outside to look again. With a network file the scan goes on with that one's
 * addresses; what is wrong with the file is thrown, and nothing has changed.
 */
export async function resumeScan(yard: Yard, request: ResumeRequest): Promise<string> {
  const over = overText(yard);
  if (over !== undefined) return over;
  const network = request.network === undefined ? undefined : await replaceNetwork(yard, request.network);
  const text = yard.paused !== null ? 'goes on' : `is not paused${looksAgain(yard)}`;
  yard.paused = null;
  await handOn(yard, wellResumeSignal, ...(network === undefined ? [] : [{ network }]));
  show(yard);
  return network === undefined ? text : `${text}; the stand is reached as ${request.network} says`;
}

/** Procedures that begin from now on have it, too. */
async function replaceNetwork(yard: Yard, file: string): Promise<FileReference> {
  const { context } = yard;
  if (context === undefined || context.network === null) {
    throw ApplicationFailure.nonRetryable('the scan has no network file that could be replaced', 'ConfigError');
  }
  const summary = 'take another network file';
  const network = await configuration.replaceNetwork.executeWithOptions({ summary }, [{ context, file }]);
  yard.context = { ...context, network };
  return network;
}

export async function abortScan(yard: Yard, request: AbortRequest): Promise<string> {
  const over = overText(yard);
  if (over !== undefined) return over;
  const before = yard.aborted;
  if (yard.newer && before !== null && (before.process === false || request.process !== false))
    return 'is being aborted already';
  yard.aborted = request;
  const rest =
    request.process === false ? 'what was measured is not processed' : 'what was measured is still processed';
  await handOn(yard, abortSignal, request);
  show(yard);
  return `is being aborted; ${rest}`;
}

/** Why nothing can be wanted of a scan any more. One of 2.0.0 hands on what it is told as long as it runs. */
function overText(yard: Yard): string | undefined {
  if (isCancelled(yard)) return 'is being cancelled already';
  const { stage, newer } = yard;
  if (!newer || stage === 'opening' || stage === 'running') return undefined;
  return stage === 'closing' ? 'ends already: it is being closed' : `ended already: ${stage}`;
}

/** What is measured last before a pause: told progress may be some runs old. */
function runInHand({ entries }: Yard): string {
  const entry = entries.find(({ progress, ended }) => progress.state === 'acquiring' && !ended);
  if (entry === undefined) return 'nothing is being measured';
  const { acquired, runs, name } = entry.progress;
  return `run ${Math.min(acquired + 1, runs)} of ${runs} of ${name}, or a later one, is finished first`;
}

function looksAgain({ entries }: Yard): string {
  const waiting = entries.find(({ procedure, progress, ended }) => {
    const kind = progress.waiting?.kind;
    return procedure.type === 'daq' && !ended && (kind === 'space' || kind === 'readings');
  });
  if (waiting === undefined) return '';
  return `; ${waiting.procedure.name} looks again for what it waits for: ${waiting.progress.waitingFor}`;
}
