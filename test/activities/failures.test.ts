import { MockActivityEnvironment } from '@temporalio/testing';
import type { ApplicationFailure } from '@temporalio/common';
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

/** How an error that has no class ends. */
function unknownAt(attempt: number, patient: boolean): Promise<unknown> {
  const fail = () => Promise.reject(new TypeError('x is undefined'));
  const environment = new MockActivityEnvironment({ attempt });
  return environment.run(() => withFailures(fail, { patient })).catch((failure: unknown) => failure);
}

test('a mistake of ours is not tried for ever, but where hardware waits', async () => {
  expect(await unknownAt(4, false)).toBeInstanceOf(TypeError);
  expect(await unknownAt(5, false)).toMatchObject({
    type: 'TypeError',
    nonRetryable: true,
    message: expect.stringContaining('unexpected error: x is undefined, 5 times'),
  });
  expect(await unknownAt(500, true)).toBeInstanceOf(TypeError);
});

/** Whether what an attempt fails with is no alarm in a worker's log. */
async function isBenign(type: ErrorType, attempt: number): Promise<boolean> {
  const fail = () => Promise.reject(new DatenraffinerieError(type, 'no answer'));
  const failing = new MockActivityEnvironment({ attempt }).run(() => withFailures(fail));
  return failing.then(undefined, (failure: ApplicationFailure) => failure.category === 'BENIGN');
}

test('a stand in use and a link that is still down are no alarm, whatever else fails is', async () => {
  expect(await isBenign('BusyError', 1)).toBe(true);
  expect(await isBenign('LinkError', 1)).toBe(false);
  expect(await isBenign('LinkError', 2)).toBe(true);
  for (const type of ['StandError', 'StorageError', 'ConfigError', 'AnalysisError', 'TimeoutError'] as const) {
    expect(await isBenign(type, 2), type).toBe(false);
  }
});
