import type { ErrorType } from '../../../src/domain/errors.js';
import type { FaultName } from '../../../src/simulator/faults.js';

/** Faults that fail a run: the classes they must have, and what the messages must say. */
export const failingFaults: readonly (readonly [FaultName, readonly ErrorType[], RegExp])[] = [
  ['links', ['LinkError'], /links did not align/],
  ['no-end', ['TimeoutError'], /no END_OF_RUN/],
  ['stall', ['TimeoutError'], /fell silent after \d+ events/],
  ['endless', ['TimeoutError'], /did not end/],
  ['gap', ['LinkError'], /lost on the way/],
  ['stale', ['LinkError'], /second START_RUN/],
  ['error', ['StandError'], /state 'error'/],
  ['silent', ['TimeoutError', 'LinkError'], /no reply|fell silent/],
  ['killed', ['LinkError', 'TimeoutError', 'StandError'], /nobody answered|connection|'not initialised'|fell silent/],
  ['power', ['StandError'], /'not initialised'/],
  ['readback', ['StandError'], /wrote \d+, read \d+/],
];
