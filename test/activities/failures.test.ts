import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';
import { withFailures } from '../../src/activities/failures.js';
import { DatenraffinerieError, type ErrorType } from '../../src/domain/errors.js';

/** The pause that the fifth attempt asks for when it fails. */
async function pauseAfter(type: ErrorType, gotOn: boolean): Promise<unknown> {
  const fail = () => Promise.reject(new DatenraffinerieError(type, 'no answer'));
  const environment = new MockActivityEnvironment({ attempt: 5 });
  const failing = environment.run(() => withFailures(fail, { gotOn: () => gotOn }));
  return failing.then(undefined, (failure: { nextRetryDelay?: unknown }) => failure.nextRetryDelay);
}

test('the pauses of a stand that does not answer grow, but not where runs were taken in between', async () => {
  expect(await pauseAfter('LinkError', false)).toBe('16 seconds');
  expect(await pauseAfter('LinkError', true)).toBe('1 seconds');
  expect(await pauseAfter('StandError', false)).toBe('1 seconds');
});
