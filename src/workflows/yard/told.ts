import { isRecord } from '../request-problems.js';
import { takeProgress, type ToldProgress } from '../progress.js';
import type { ProcedureState } from '../messages.js';
import type { Yard, YardEntry } from './yard.js';

const states = {
  ...{ waiting: true, queued: true, acquiring: true, processing: true, merging: true, analysing: true },
  ...{ asking: true, paused: true, aborting: true, done: true, failed: true, aborted: true },
} satisfies Record<ProcedureState, true>;
const counts = ['runs', 'acquired', 'processed', 'reused', 'failed', 'quarantined', 'shortRuns'] as const;

/** Why what was told is no progress of a procedure, undefined where it is: anybody can send a signal. */
export function toldProblem(told: unknown): string | undefined {
  if (!isRecord(told)) return 'progress is a JSON object';
  const { name, type, state, reasons, notes } = told;
  if (typeof name !== 'string') return `'name' of a progress is a text`;
  if (type !== 'daq' && type !== 'analysis') return `'type' of a progress is daq or analysis`;
  if (typeof state !== 'string' || !Object.hasOwn(states, state)) return `'state' of a progress is a known one`;
  const count = counts.find((each) => !Number.isFinite(told[each]));
  if (count !== undefined) return `'${count}' of a progress is a number`;
  if (!isListOf(reasons, (each) => typeof each === 'string')) return `'reasons' of a progress are texts`;
  if (notes !== undefined && !isListOf(notes, isRecord)) return `'notes' of a progress are objects`;
  return optionalProblem(told);
}

function optionalProblem({ waiting, waitingFor, secondsLeft, number }: Record<string, unknown>): string | undefined {
  if (waiting !== undefined && !isRecord(waiting)) return `'waiting' of a progress is an object`;
  if (waitingFor !== undefined && typeof waitingFor !== 'string') return `'waitingFor' of a progress is a text`;
  const wrong = [secondsLeft, number].some((value) => value !== undefined && !Number.isFinite(value));
  return wrong ? `'secondsLeft' and 'number' of a progress are numbers` : undefined;
}

function isListOf(list: unknown, isOne: (value: unknown) => boolean): boolean {
  return Array.isArray(list) && list.every(isOne);
}

/** Takes what a child tells. @returns false where it comes too late: something newer is known */
export function takeTold(yard: Yard, entry: YardEntry, told: ToldProgress): boolean {
  if (yard.newer && (!entry.begun || entry.ended)) return false;
  if (yard.newer && told.number !== undefined && told.number < entry.told) return false;
  entry.told = told.number ?? entry.told;
  entry.progress = takeProgress(told);
  if (told.standFree === true) entry.acquired = true;
  return true;
}
