import { DatenraffinerieError } from '../../domain/errors.js';
import { program } from '../../io/compiled.js';
import type { GuardedProcess } from '../../io/processes/guarded-process.js';
import { startReady, type Early } from '../../io/processes/ready-process.js';
import { describeEnding, StartInterrupted } from '../../io/processes/supervise.js';
import { beat, beatVariable, patienceSeconds, startWatchdog } from '../../io/processes/watchdog.js';
import { exit } from '../command.js';
import type { AnalysisSetting } from '../options/worker-options.js';

/** Longer than a worker needs to end by itself (its `shutdownForceTime`). */
export const workerGraceMs = 40_000;

export interface WorkerProcessOptions extends AnalysisSetting {
  readonly role: string;
  /** For role `daq`. */
  readonly stand?: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** As it is called in messages: `worker daq (local)`. */
export function workerName({ role, stand }: Pick<WorkerProcessOptions, 'role' | 'stand'>): string {
  return stand === undefined ? `worker ${role}` : `worker ${role} (${stand})`;
}

/** Starts `datenraffinerie worker ROLE` and resolves when it asks for work; rejects with its last message. */
export async function startWorker(options: WorkerProcessOptions, signal: AbortSignal): Promise<GuardedProcess> {
  const { log } = options;
  let hear = (): void => undefined; // it is not watched before it is ready
  const settings = {
    env: { ...options.environment, [beatVariable]: '1' },
    onLine: (line: string) => (line === beat ? hear() : log(line)),
    onErrorLine: log,
    orphanSeconds: workerGraceMs / 1000,
  };
  const { child, early } = await startReady(process.execPath, [program, ...workerArguments(options)], settings, signal);
  if (early !== undefined) {
    signal.throwIfAborted();
    throw doesNotStart(workerName(options), early);
  }
  const watchdog = startWatchdog(() => {
    log(`WARN no sign of life for ${patienceSeconds} s: killed`);
    child.kill();
  });
  hear = () => watchdog.hear();
  void child.ended.then(() => watchdog.stop());
  return child;
}

function doesNotStart(name: string, { ending, last }: Early): DatenraffinerieError {
  const what = `${name} does not start (${describeEnding(ending)})`;
  const text = last === '' ? what : `${what}: ${last}`;
  if (ending.signal !== null || ending.code === exit.failed) return new StartInterrupted('ServerError', text); // killed, or no server
  return new DatenraffinerieError('ServerError', text);
}

function workerArguments({ role, stand, analyses, python }: WorkerProcessOptions): string[] {
  const folders = analyses.flatMap((folder) => ['--analyses', folder]);
  return ['worker', role, ...(stand === undefined ? [] : ['--stand', stand]), ...folders, '--python', python];
}
