import { DatenraffinerieError } from '../../domain/errors.js';
import type { AcquireOutcome } from '../../domain/scan/tasks.js';
import { Chunk } from './chunk.js';
import type { AcquireWork } from './acquire-job.js';
import { spaceProblem } from '../output/space.js';

/**
 * Measures the runs of a plan that are not on disk, from `from` on, until the time is up. While one run is taken, the
 * next one is prepared and the last one made durable: a kill costs at most the two in hand.
 */
export async function acquireRuns(job: AcquireWork): Promise<AcquireOutcome> {
  const chunk = new Chunk(job);
  try {
    let candidate = await chunk.find(job.from);
    const missing = candidate && (await spaceProblem(job.plan, job.manifest, candidate.run));
    if (candidate !== undefined && missing !== undefined)
      return await chunk.end('space', candidate.run, { kind: 'space', text: missing });
    while (candidate !== undefined) {
      if (job.stopping()) return await chunk.end('cancelled', candidate.run);
      if (chunk.elapsed() > job.seconds) return await chunk.end('chunk', candidate.run);
      const { taking, started } = chunk.begin(candidate);
      const next = candidate.run + 1;
      const following = started.then(() => chunk.find(next)); // calculating would hold up the start
      // failures of the search are reported when it is awaited below, after the run in hand
      const inHand = candidate;
      following.then((next) => chunk.announce(inHand, next)).catch(() => undefined);
      const hindrance = await hindranceOf(taking, job);
      if (hindrance === 'over') return await chunk.end('cancelled', candidate.run);
      if (hindrance !== undefined)
        return await chunk.end('readings', candidate.run, { kind: 'readings', text: hindrance.reading });
      candidate = await following;
    }
    return await chunk.end('all', job.plan.runs);
  } finally {
    await chunk.settle();
  }
}

/**
 * Why a run was not taken, where nothing is wrong with it: what the slow readings have against taking data now, or that
 * the chunk had to end in the middle of it.
 */
async function hindranceOf(
  taking: Promise<void>,
  { signal, stopping }: AcquireWork,
): Promise<'over' | { readonly reading: string } | undefined> {
  try {
    await taking;
    return undefined;
  } catch (error) {
    if (error instanceof DatenraffinerieError && error.type === 'ReadingError') return { reading: error.message };
    if (signal.aborted && stopping()) return 'over';
    throw error;
  }
}
