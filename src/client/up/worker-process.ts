import { fileURLToPath } from 'node:url';
import { DatenraffinerieError } from '../../domain/errors.js';
import { spawnGuarded, type GuardedProcess } from '../../io/processes/guarded-process.js';
import { describeEnding, StartInterrupted } from '../../io/processes/supervise.js';
import { beat, beatVariable, patienceSeconds, startWatchdog, type Watchdog } from '../../io/processes/watchdog.js';
import { exit } from '../command.js';
import type { AnalysisSetting } from '../options/worker-options.js';

const program = fileURLToPath(new URL('../../../bin/datenraffinerie.js', import.meta.url));

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
  signal.throwIfAborted();
  let last = '';
  let announce = (): void => undefined;
  const ready = new Promise<'ready'>((resolve) => {
    announce = () => resolve('ready');
  });
  let watchdog: Watchdog | undefined;
  const child = spawnGuarded(process.execPath, [program, ...workerArguments(options)], {
    env: { ...options.environment, [beatVariable]: '1' },
    onLine: (line) => {
      if (line === beat) watchdog?.hear();
      else if (line.startsWith('ready ')) announce();
      else options.log(line);
    },
    onErrorLine: (line) => {
      if (/^\S/.test(line)) last = line; // remedies are indented
      options.log(line);
    },
    orphanSeconds: workerGraceMs / 1000,
  });
  const abort = (): void => child.kill();
  signal.addEventListener('abort', abort, { once: true });
  const first = await Promise.race([ready, child.ended]);
  signal.removeEventListener('abort', abort);
  if (first === 'ready') {
    watchdog = startWatchdog(() => {
      options.log(`no sign of life for ${patienceSeconds} s: killed`);
      child.kill();
    });
    void child.ended.then(() => watchdog?.stop());
    return child;
  }
  signal.throwIfAborted();
  const what = `${workerName(options)} does not start (${describeEnding(first)})`;
  const text = last === '' ? what : `${what}: ${last}`;
  if (first.signal !== null || first.code === exit.failed) throw new StartInterrupted('ServerError', text); // killed, or no server
  throw new DatenraffinerieError('ServerError', text);
}

function workerArguments({ role, stand, analyses, python }: WorkerProcessOptions): string[] {
  const folders = analyses.flatMap((folder) => ['--analyses', folder]);
  return ['worker', role, ...(stand === undefined ? [] : ['--stand', stand]), ...folders, '--python', python];
}
