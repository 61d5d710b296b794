import type { Client } from '@temporalio/client';
import { isTrouble, waits, type Waits } from '../../domain/scan/notes.js';
import { timeLeft } from '../../domain/scan/time-left.js';
import type { ProcedureProgress, ScanProgress } from '../../workflows/messages.js';
import { analysisWorkflowId, daqWorkflowId } from '../../workflows/names.js';
import { pendingWork, type PendingWork } from './pending.js';
import { queryProgress } from './scans.js';

/**
 * The scan's progress, refined: a scan hears from its procedures only now and then (its history must stay short), so
 * those in work are asked for their numbers and for what they wait, and Temporal for the work in hand: how far its last
 * heartbeat was, which try it is, and why the last one failed.
 */
export async function liveProgress(client: Client, id: string): Promise<ScanProgress> {
  const { waiting, waitingFor, secondsLeft: _, ...progress } = await queryProgress(client, id);
  const isItsOwn =
    waitingFor !== undefined && progress.procedures.every((procedure) => procedure.waitingFor !== waitingFor);
  const procedures = await Promise.all(progress.procedures.map((procedure) => refine(client, id, procedure)));
  const theirs = procedures.find((procedure) => procedure.waitingFor !== undefined);
  const first = theirs ?? (isItsOwn ? { waiting, waitingFor } : undefined);
  const shown = first ?? waits((await workOf(client, id)).waiting);
  return { ...progress, ...waitsOf(shown), ...timeLeft(procedures), procedures };
}

/** A scan of 2.0.0 says no more than a text. */
function waitsOf({ waiting, waitingFor }: { readonly [Name in keyof Waits]: Waits[Name] | undefined } = {}): Waits {
  return { ...(waiting === undefined ? {} : { waiting }), ...(waitingFor === undefined ? {} : { waitingFor }) };
}

/** What the procedure says itself comes first, then what Temporal knows of its work. */
async function refine(client: Client, id: string, known: ProcedureProgress): Promise<ProcedureProgress> {
  if (known.state === 'waiting' || isOver(known)) return known;
  const workflowId = (known.type === 'daq' ? daqWorkflowId : analysisWorkflowId)(id, known.name);
  const own = known.type === 'daq' ? await ownProgress(client, workflowId, known) : known;
  const work = await workOf(client, workflowId);
  // of a stand's trouble the procedure has heard once, and Temporal knows the last try
  const isKnown = own.waitingFor !== undefined && !(isTrouble(own.waiting) && work.waiting !== undefined);
  const acquired = Math.min(own.runs, own.acquired + work.acquired);
  const refined = { ...own, ...(isKnown ? {} : waits(work.waiting)), acquired };
  return withTimeLeft(own, refined);
}

/** Falls with every run; a procedure that waits for something does not come nearer to its end. */
function withTimeLeft(
  { acquired: before, secondsLeft }: ProcedureProgress,
  { secondsLeft: _, ...progress }: ProcedureProgress,
): ProcedureProgress {
  const left = progress.runs - progress.acquired;
  if (secondsLeft === undefined || left <= 0 || progress.waiting !== undefined || progress.state !== 'acquiring')
    return progress;
  return { ...progress, secondsLeft: Math.round((secondsLeft * left) / (progress.runs - before)) };
}

async function ownProgress(client: Client, wellId: string, known: ProcedureProgress): Promise<ProcedureProgress> {
  try {
    const answer = await queryProgress(client, wellId);
    return { ...answer.procedures[0], ...waitsOf(answer) };
  } catch {
    return known; // just ending, or no worker answers: what the scan knows must do
  }
}

function workOf(client: Client, workflowId: string): Promise<PendingWork> {
  return pendingWork(client, workflowId).catch(() => ({ acquired: 0 }));
}

function isOver({ state }: ProcedureProgress): boolean {
  return state === 'done' || state === 'failed' || state === 'aborted';
}
