import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Waits } from '../../domain/scan/notes.js';
import type { ProcedureProgress, ScanProgress } from '../../workflows/messages.js';
import { daqWorkflowId } from '../../workflows/names.js';
import { queryProgress } from './scans.js';

/**
 * The scan's progress, refined: a scan hears from its procedures only now and then (its history must stay short), so
 * the one that acquires is asked for its numbers and for what it waits, and its last heartbeat for the chunk in hand.
 */
export async function liveProgress(client: Client, id: string): Promise<ScanProgress> {
  const { waiting: _, waitingFor: __, ...progress } = await queryProgress(client, id);
  const procedures = await Promise.all(progress.procedures.map((procedure) => refine(client, id, procedure)));
  return { ...progress, ...waitsOf(procedures.find((procedure) => procedure.waitingFor !== undefined)), procedures };
}

/** A scan of 2.0.0 says no more than a text. */
function waitsOf({ waiting, waitingFor }: Waits = {}): Waits {
  return { ...(waiting === undefined ? {} : { waiting }), ...(waitingFor === undefined ? {} : { waitingFor }) };
}

async function refine(client: Client, id: string, known: ProcedureProgress): Promise<ProcedureProgress> {
  if (known.type !== 'daq' || known.state === 'waiting' || isOver(known)) return known;
  try {
    const wellId = daqWorkflowId(id, known.name);
    const answer = await queryProgress(client, wellId);
    const [own] = answer.procedures;
    const inHand = known.state === 'acquiring' ? await acquiredInChunk(client, wellId) : 0;
    return { ...own, ...waitsOf(answer), acquired: Math.min(own.runs, own.acquired + inHand) };
  } catch {
    return known; // just ending, or no worker answers: what the scan knows must do
  }
}

export function isOver({ state }: ProcedureProgress): boolean {
  return state === 'done' || state === 'failed' || state === 'aborted';
}

async function acquiredInChunk(client: Client, wellId: string): Promise<number> {
  const { raw } = await client.workflow.getHandle(wellId).describe();
  const acquire = raw.pendingActivities?.find((activity) => activity.activityType?.name === 'acquire');
  const payload = acquire?.heartbeatDetails?.payloads?.[0];
  if (payload == null) return 0;
  const details = defaultPayloadConverter.fromPayload<unknown>(payload);
  const acquired = typeof details === 'object' && details !== null && 'acquired' in details ? details.acquired : 0;
  return typeof acquired === 'number' ? acquired : 0;
}
