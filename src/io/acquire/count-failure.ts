import { DatenraffinerieError, type ErrorType } from '../../domain/errors.js';
import { failuresName } from '../output/paths.js';
import type { AcquireWork, Candidate } from './acquire-job.js';

type FailureParts = Pick<AcquireWork, 'failures' | 'attempt' | 'maxFailedRuns' | 'signal'>;

/**
 * A try at the run itself has failed (not the way to it): three of them, and the run is left out. Rejects with a
 * RefusedError where more runs are lost than may be.
 */
export async function countFailure(parts: FailureParts, { run, key }: Candidate, error: unknown): Promise<void> {
  const type = error instanceof DatenraffinerieError ? error.type : undefined;
  if (type === undefined || parts.signal.aborted || !countsAgainstRun(type)) return;
  const { failures, attempt, maxFailedRuns } = parts;
  const message = error instanceof Error ? error.message : String(error);
  await failures.add({ run, key, type, message, attempt, at: new Date().toISOString() });
  const lost = failures.quarantinedRuns();
  if (lost.length <= maxFailedRuns) return;
  throw new DatenraffinerieError(
    'RefusedError',
    `${lost.length} runs failed for good, ${maxFailedRuns} may: ${message}`,
    {
      remedy: `runs ${lost.slice(0, 10).join(', ')}: see ${failuresName}; --max-failed-runs allows more`,
      cause: error,
    },
  );
}

/** Broken configuration or a full disk are not the run's fault. */
function countsAgainstRun(type: ErrorType): boolean {
  return type === 'StandError' || type === 'TimeoutError' || type === 'DataError' || type === 'LinkError';
}
