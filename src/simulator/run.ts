import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { hgcrocRunStart, runEnd } from '../domain/daq/run-stream.js';
import { encodeArchiveHeader } from '../domain/hgcroc/encode.js';
import type { RecordLayout } from '../domain/hgcroc/layout.js';
import type { BoardRun } from './chip/board.js';
import { RecordSource } from './record-source.js';
import type { FaultName } from './faults.js';

/** Takes the messages of a run. */
export interface MessageSink {
  send(message: string | Uint8Array, signal: AbortSignal): Promise<unknown>;
}

export interface RunPlan {
  readonly events: number;
  readonly seconds: number;
  readonly layout: RecordLayout;
  readonly eventsPerMessage: number;
  /** After so many events the data repeat under new event numbers. */
  readonly distinctEvents: number;
  /** Faults of this run. */
  readonly faults: ReadonlySet<FaultName>;
}

/** How a run ended: as it should, stopped from outside, or by a fault that leaves it so. */
export type RunEnd = 'taken' | 'stopped' | 'error' | 'killed' | 'power' | 'silent';

/** Pushes a run's messages at the pace of its duration. */
export async function takeRun(
  data: MessageSink,
  board: BoardRun,
  plan: RunPlan,
  taken: () => void,
  signal: AbortSignal,
): Promise<RunEnd> {
  const begin = performance.now();
  const source = new RecordSource(board, plan);
  const until = (fraction: number) => untilTime(begin + 1000 * plan.seconds * fraction, signal);
  if (plan.faults.has('stale')) await sendFormerRun(data, source, plan, signal);
  await data.send(hgcrocRunStart, signal);
  for (let first = 0; endless(plan, first); first += plan.eventsPerMessage) {
    const next = Math.min(first + plan.eventsPerMessage, plan.faults.has('endless') ? Infinity : plan.events);
    const middle = first <= plan.events / 2 && next > plan.events / 2;
    const fate = middle ? await breakOff(plan, signal) : undefined;
    if (fate !== undefined) return fate;
    const bytes = message(source, plan, first, next);
    if (!(middle && plan.faults.has('gap'))) await data.send(bytes, signal);
    await until(next / plan.events);
    if (signal.aborted) return 'stopped';
  }
  await until(1);
  if (signal.aborted) return 'stopped';
  taken();
  if (!plan.faults.has('no-end')) await data.send(runEnd, signal);
  return 'taken';
}

/** What a run that was broken off left in the pipe: its start and some events, but no end. */
async function sendFormerRun(
  data: MessageSink,
  source: RecordSource,
  plan: RunPlan,
  signal: AbortSignal,
): Promise<void> {
  await data.send(hgcrocRunStart, signal);
  await data.send(message(source, plan, 0, Math.min(3, plan.events)), signal);
}

function endless(plan: RunPlan, first: number): boolean {
  return plan.faults.has('endless') || first < plan.events;
}

/** What happens in the middle of a run that does not get further. */
async function breakOff({ faults }: RunPlan, signal: AbortSignal): Promise<RunEnd | undefined> {
  if (faults.has('stall')) {
    await untilTime(Infinity, signal);
    return 'stopped';
  }
  const fates = ['error', 'killed', 'power', 'silent'] as const;
  return fates.find((fate) => faults.has(fate));
}

async function untilTime(time: number, signal: AbortSignal): Promise<void> {
  const left = Math.min(time - performance.now(), 2 ** 30);
  if (left <= 0)
    await nextTurn(); // commands are answered also while events come as fast as they can
  else await sleep(left, undefined, { signal }).catch(() => undefined);
}

/** One data message: a whole archive with the records of some events. */
function message(source: RecordSource, plan: RunPlan, first: number, next: number): Uint8Array {
  const pieces = [encodeArchiveHeader()];
  for (let event = first; event < next; event++) pieces.push(...source.records(event));
  const bytes = Buffer.concat(pieces);
  const last = next >= plan.events && plan.faults.has('truncated');
  return last ? bytes.subarray(0, bytes.length - 40) : bytes;
}
