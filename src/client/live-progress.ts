import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { ProcedureProgress, ScanProgress } from '../workflows/messages.js';
import { daqWorkflowId } from '../workflows/names.js';
import { queryProgress } from './scans.js';

/**
 * The scan's progress, refined: a scan hears from its procedures only now and then (its history must stay short), so
 * the numbers of the one that acquires are asked of itself, and the runs of the chunk in hand of its last heartbeat.
 */
export async function liveProgress(client: Client, id: string): Promise<ScanProgress> {
  const progress = await queryProgress(client, id);
  const procedures = await Promise.all(progress.procedures.map((procedure) => refine(client, id, procedure)));
  return { ...progress, procedures };
}

async function refine(client: Client, id: string, known: ProcedureProgress): Promise<ProcedureProgress> {
  if (known.type !== 'daq' || known.state === 'waiting' || isOver(known)) return known;
  try {
    const wellId = daqWorkflowId(id, known.name);
    const [own] = (await queryProgress(client, wellId)).procedures;
    const inHand = known.state === 'acquiring' ? await acquiredInChunk(client, wellId) : 0;
    return { ...own, acquired: Math.min(own.runs, own.acquired + inHand) };
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
