import { DatenraffinerieError } from '../domain/errors.js';
import { mix, mixText } from './chip/random.js';

/** What can be made to go wrong in a run. */
export const faultNames = {
  links: 'the links do not align until the daq server is initialised again',
  corrupt: 'a part of the halves is slipped by two bits',
  truncated: 'the last record lacks its last 40 bytes',
  'no-end': 'END_OF_RUN is missing',
  stall: 'the data stream stops in the middle',
  endless: 'events go on beyond those asked for, without end',
  gap: 'a data message in the middle gets lost',
  stale: 'the beginning of a former run comes before this one',
  error: 'the daq server goes to the state error in the middle',
  silent: 'the daq server answers nothing for a while',
  killed: 'the daq server dies in the middle and comes back without its state',
  slow: 'replies come late',
  readback: 'a register reads back another value than was written',
  power: 'the board loses its power in the middle: registers and states are those of power-on',
} as const;

export type FaultName = keyof typeof faultNames;

/** When a fault happens: with a probability in every run, or in the runs given (counted from 0 since the start). */
export interface Fault {
  readonly name: FaultName;
  readonly rate?: number;
  readonly runs?: readonly number[];
}

/** Whether a fault happens in a run; the same for the same seed. */
export function faultHappens(faults: readonly Fault[], name: FaultName, seed: number, run: number): boolean {
  return faults.some(
    (fault) =>
      fault.name === name &&
      (fault.runs?.includes(run) === true || mix(seed, mixText(name), run) < (fault.rate ?? 0) * 2 ** 32),
  );
}

/** Reads `NAME=RATE` (0 … 1) or `NAME@RUN,RUN…`. Throws a ConfigError for anything else. */
export function parseFault(text: string): Fault {
  const [, name, rate, runs] = /^([a-z-]+)(?:=(\d*\.?\d+)|@(\d+(?:,\d+)*))$/.exec(text) ?? [];
  if (!isFaultName(name)) {
    throw badFault(text, `known faults: ${Object.keys(faultNames).join(', ')}`);
  }
  if (runs !== undefined) return { name, runs: runs.split(',').map(Number) };
  if (Number(rate) > 1) throw badFault(text, 'a rate lies between 0 and 1');
  return { name, rate: Number(rate) };
}

function isFaultName(name: string | undefined): name is FaultName {
  return name !== undefined && Object.hasOwn(faultNames, name);
}

function badFault(text: string, remedy: string): DatenraffinerieError {
  return new DatenraffinerieError('ConfigError', `'${text}' is no fault: NAME=RATE or NAME@RUN,RUN…`, { remedy });
}
