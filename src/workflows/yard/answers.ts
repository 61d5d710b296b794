import { ApplicationFailure } from '@temporalio/common';
import { answerSignal } from '../definitions.js';
import type { AnswerRequest } from '../messages.js';
import { answerProblem } from '../request-problems.js';
import { tell } from '../tell.js';
import { childId } from './hand-on.js';
import { isCancelled, type Yard, type YardEntry } from './yard.js';

/** The analyses whose calibration waits for a human, or does as far as is known: an answer may be on its way to it. */
function asking(yard: Yard, name: string | undefined): YardEntry[] {
  return yard.entries.filter(
    ({ procedure, progress, ended }) =>
      progress.waiting?.kind === 'answer' && !ended && (name === undefined || procedure.name === name),
  );
}

/** Why an answer cannot be taken, if so. */
export function refusedAnswer(yard: Yard, request: unknown): string | undefined {
  const problem = answerProblem(request);
  if (problem !== undefined) return problem;
  if (isCancelled(yard)) return 'the scan is being cancelled';
  const found = asking(yard, (request as AnswerRequest).procedure);
  if (found.some(({ answered }) => answered === undefined)) return undefined;
  const [first] = found;
  if (first === undefined) return 'no calibration of this scan waits for an answer';
  return `the calibration of ${first.procedure.name} was answered already: ${first.answered}`;
}

/** @returns the name of the analysis that was answered */
export async function passAnswer(yard: Yard, request: AnswerRequest): Promise<string> {
  const { verdict, procedure, operator } = request;
  const found = asking(yard, procedure);
  // under 2.0.0 a second answer was sent too, and dropped by the analysis
  const entry = found.find(({ answered }) => answered === undefined) ?? (yard.newer ? undefined : found[0]);
  if (entry === undefined) throw refused('no calibration waits for an answer any more');
  entry.answered = verdict;
  if (await tell(childId(entry), answerSignal, { verdict, ...(operator === undefined ? {} : { operator }) }))
    return entry.procedure.name;
  throw refused(`${entry.procedure.name} has ended and takes no answer any more`);
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'ConfigError');
}
