import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { searchAttributes } from '../../workflows/names.js';
import { liveProgress } from './live-progress.js';

/** As the server lists it, or describes it. */
type Listed = Omit<WorkflowExecutionInfo, 'raw'>;

/** A line of the list of scans. */
export interface ScanSummary {
  readonly id: string;
  /** Temporal's: an aborted scan is `completed`. */
  readonly status: string;
  /** Ours: what it does, or how it ended. */
  readonly phase: string;
  readonly stand: string;
  readonly board: string;
  readonly operator: string;
  /** Runs that are measured, of how many; null where no worker says so. */
  readonly progress: { readonly acquired: number; readonly runs: number } | null;
  readonly output: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ended: string | null;
}

export async function summaryOf(client: Client, scan: Listed): Promise<ScanSummary> {
  const status = scan.status.name.toLowerCase();
  return {
    id: scan.workflowId,
    status,
    phase: phaseOf(scan, status),
    stand: attributeOf(scan, 'stand'),
    board: attributeOf(scan, 'board') || memoOf(scan, 'board'),
    operator: attributeOf(scan, 'operator') || memoOf(scan, 'operator'),
    progress: await progressOf(client, scan),
    output: attributeOf(scan, 'output'),
    started: scan.startTime.toISOString(),
    ended: scan.closeTime?.toISOString() ?? null,
  };
}

/** What was ended from outside could not say so itself. */
function phaseOf(scan: Listed, status: string): string {
  const own = attributeOf(scan, 'phase');
  if (status === 'running' || status === 'completed') return own === '' ? status : own;
  return status === 'canceled' ? 'cancelled' : status;
}

function attributeOf(scan: Listed, name: keyof typeof searchAttributes): string {
  return scan.typedSearchAttributes.get(defineSearchAttributeKey(searchAttributes[name], 'KEYWORD')) ?? '';
}

function memoOf({ memo }: Listed, name: string): string {
  const value = memo?.[name];
  return typeof value === 'string' ? value : '';
}

/** Of a scan that runs; one that is over is told by its phase. */
async function progressOf(client: Client, scan: Listed): Promise<ScanSummary['progress']> {
  if (scan.status.name !== 'RUNNING') return null;
  const progress = await liveProgress(client, scan.workflowId).catch(() => undefined);
  if (progress === undefined) return null;
  const of = (key: 'acquired' | 'runs'): number => progress.procedures.reduce((sum, each) => sum + each[key], 0);
  return { acquired: of('acquired'), runs: of('runs') };
}
