import { performance } from 'node:perf_hooks';

// Time of something as a ratio to a reference measured beside it, so that the machine's speed cancels out.

/** CPU time in ms of all threads of this process: other processes on the machine disturb it least. */
export function cpuTime(act) {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Wall-clock time in ms, for work that is spread over threads. */
export async function wallTime(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

/**
 * Runs both alternately, `repeat` times a try, and gives the ratio of their fastest tries.
 * @param measure `cpuTime` or `wallTime`
 */
export async function ratioOf(subject, reference, { tries = 15, repeat = 1, measure = cpuTime } = {}) {
  const repeated = (act) => async () => {
    for (let i = 0; i < repeat; i++) await act();
  };
  const [one, other] =
    measure === cpuTime
      ? [() => times(subject, repeat), () => times(reference, repeat)]
      : [repeated(subject), repeated(reference)];
  await measure(one); // compiles
  let best = Infinity;
  let bestReference = Infinity;
  for (let i = 0; i < tries; i++) {
    bestReference = Math.min(bestReference, await measure(other));
    best = Math.min(best, await measure(one));
  }
  return best / bestReference;
}

function times(act, repeat) {
  for (let i = 0; i < repeat; i++) act();
}
