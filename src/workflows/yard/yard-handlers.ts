import { ApplicationFailure } from '@temporalio/common';
import { getExternalWorkflowHandle, setCurrentDetails, setHandler, workflowInfo } from '@temporalio/workflow';
import { analysisWorkflowId, daqWorkflowId } from '../names.js';
import { findNotice } from './notices.js';
import { describeProgress, takeProgress } from '../progress.js';
import {
  abortSignal,
  acquiredSignal,
  answerSignal,
  answerUpdate,
  pauseSignal,
  procedureProgressSignal,
  progressQuery,
  resumeSignal,
} from '../definitions.js';
import { tell, tellPeople } from '../tell.js';
import { progressOf, type Yard, type YardEntry } from './yard.js';

/** What a scan is told: by people, who are handed on to its children, and by its children. */
export function installHandlers(yard: Yard): void {
  setHandler(progressQuery, () => progressOf(yard));
  setHandler(pauseSignal, async (request) => {
    yard.paused = request ?? {};
    await tellChildren(yard, pauseSignal, yard.paused);
  });
  setHandler(resumeSignal, async () => {
    yard.paused = null;
    await tellChildren(yard, resumeSignal);
  });
  setHandler(abortSignal, async (request) => {
    yard.aborted = request ?? {};
    await tellChildren(yard, abortSignal, yard.aborted);
  });
  setHandler(procedureProgressSignal, async (progress) => {
    const entry = yard.entries.find(({ procedure }) => procedure.name === progress.name);
    if (entry === undefined) return;
    entry.progress = takeProgress(progress);
    show(yard);
    await tellOfProgress(yard, entry);
  });
  setHandler(acquiredSignal, (name) => {
    for (const entry of yard.entries) if (entry.procedure.name === name) entry.acquired = true;
  });
  setHandler(answerUpdate, ({ verdict, procedure }) => passAnswer(yard, verdict, procedure), {
    validator: ({ verdict, procedure }) => {
      const problem =
        verdict === 'accept' || verdict === 'reject' ? undefined : `the answer is accept or reject, not '${verdict}'`;
      const nobody =
        asking(yard, procedure) === undefined ? 'no calibration of this scan waits for an answer' : undefined;
      if (problem ?? nobody) throw ApplicationFailure.nonRetryable(problem ?? nobody, 'ConfigError');
    },
  });
}

async function tellOfProgress({ stand }: Yard, entry: YardEntry): Promise<void> {
  const found = findNotice(entry.noticed, entry.progress);
  if (found === undefined) return;
  const { event, message, noticed } = found;
  entry.noticed = noticed;
  await tellPeople({ event, scan: workflowInfo().workflowId, stand, procedure: entry.procedure.name, message });
}

/** The analysis whose calibration waits for a human. */
export function asking(yard: Yard, name: string | undefined): YardEntry | undefined {
  return yard.entries.find(
    ({ procedure, progress }) => progress.waiting?.kind === 'answer' && (name === undefined || procedure.name === name),
  );
}

export async function passAnswer(yard: Yard, verdict: 'accept' | 'reject', name: string | undefined): Promise<string> {
  const entry = asking(yard, name);
  if (entry === undefined)
    throw ApplicationFailure.nonRetryable('no calibration waits for an answer any more', 'ConfigError');
  const id = analysisWorkflowId(workflowInfo().workflowId, entry.procedure.name);
  await getExternalWorkflowHandle(id).signal(answerSignal, { verdict });
  return entry.procedure.name;
}

export async function tellChildren(
  yard: Yard,
  signal: { readonly name: string },
  ...parameters: unknown[]
): Promise<void> {
  const scan = workflowInfo().workflowId;
  const running = yard.entries.filter(({ procedure, outcome, failure }) => {
    const concerned = procedure.type === 'daq' || signal === abortSignal; // analyses know no pause
    return concerned && outcome === undefined && failure === undefined;
  });
  const idOf = ({ procedure: { type, name } }: YardEntry): string =>
    type === 'daq' ? daqWorkflowId(scan, name) : analysisWorkflowId(scan, name);
  await Promise.all(running.map((entry) => tell(idOf(entry), signal, ...parameters)));
  show(yard);
}

export function show(yard: Yard): void {
  const warnings = yard.warnings.map((warning) => `> ${warning}`);
  setCurrentDetails([describeProgress(progressOf(yard)), ...warnings].join('\n\n'));
}
