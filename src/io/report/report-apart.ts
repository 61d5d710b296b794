import { DatenraffinerieError } from '../../domain/errors.js';
import { compiledProgram } from '../compiled.js';
import { spawnGuarded } from '../processes/guarded-process.js';

/** Longer than any report takes; a hanging one must not hold up a scan's end. */
const limitMs = 120_000;
const graceMs = 2000;

/**
 * Writes the report of an output folder in a process of its own: drawing takes the processor for seconds, which a
 * worker's event loop cannot spare, and needs memory. @throws DatenraffinerieError DataError with the last line it said
 */
export async function writeReportApart(output: string, signal: AbortSignal): Promise<void> {
  let last = '';
  const program = compiledProgram('io/report/report-main.js');
  const child = spawnGuarded(process.execPath, [program, output], {
    onLine: (line) => {
      last = line;
    },
    orphanSeconds: 2,
  });
  const either = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const stop = (): void => void child.stop(graceMs);
  either.addEventListener('abort', stop, { once: true });
  if (either.aborted) stop();
  const { code } = await child.ended;
  either.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (code !== 0) throw new DatenraffinerieError('DataError', `no report of ${output}: ${last || `exit code ${code}`}`);
}
