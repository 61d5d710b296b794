import { CancellationScope, workflowInfo } from '@temporalio/workflow';
import { abortSignal, pauseSignal } from '../definitions.js';
import { analysisWorkflowId, daqWorkflowId } from '../names.js';
import { tell } from '../tell.js';
import type { Yard, YardEntry } from './yard.js';

interface Signal {
  readonly name: string;
}

export function childId({ procedure: { type, name } }: YardEntry): string {
  const scan = workflowInfo().workflowId;
  return type === 'daq' ? daqWorkflowId(scan, name) : analysisWorkflowId(scan, name);
}

/** Hands what people want on to the children that it concerns. */
export async function handOn(yard: Yard, signal: Signal, ...parameters: unknown[]): Promise<void> {
  const concerned = yard.entries.filter((entry) => concerns(entry, signal));
  if (!yard.newer) {
    const running = concerned.filter(({ outcome, failure }) => outcome === undefined && failure === undefined);
    await Promise.all(running.map((entry) => tell(childId(entry), signal, ...parameters)));
    return;
  }
  const listening = concerned.filter(({ started, ended }) => started && !ended);
  await Promise.all(listening.map((entry) => tellInTurn(entry, signal, ...parameters)));
}

/** A child that has just been started hears what was wanted before, and from now on what is wanted. */
export async function catchUp(yard: Yard, entry: YardEntry): Promise<void> {
  const { paused, aborted } = yard;
  entry.started = true;
  if (!yard.newer) return catchUpAs2(yard, entry);
  if (paused !== null && concerns(entry, pauseSignal)) void tellInTurn(entry, pauseSignal, paused);
  if (aborted !== null) void tellInTurn(entry, abortSignal, aborted);
}

async function catchUpAs2(yard: Yard, entry: YardEntry): Promise<void> {
  if (yard.paused !== null && concerns(entry, pauseSignal)) await tell(childId(entry), pauseSignal, yard.paused);
  if (yard.aborted !== null) await tell(childId(entry), abortSignal, yard.aborted);
}

/** Analyses know no pause. */
function concerns({ procedure }: YardEntry, signal: Signal): boolean {
  return procedure.type === 'daq' || signal === abortSignal;
}

/** One thing after the other: what is on its way at once may arrive in another order. */
async function tellInTurn(entry: YardEntry, signal: Signal, ...parameters: unknown[]): Promise<void> {
  const before = entry.telling;
  const send = async (): Promise<void> => {
    await before;
    if (!entry.ended) await tell(childId(entry), signal, ...parameters);
  };
  entry.telling = CancellationScope.nonCancellable(send);
  await entry.telling;
}
