import { setTimeout as delay } from 'node:timers/promises';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { Ending, GuardedProcess } from './guarded-process.js';

export interface SuperviseOptions {
  /** As it is called in messages. */
  readonly name: string;
  /** Starts the process and resolves when it is ready; rejects, with nothing left running, where it does not come up. */
  readonly start: (signal: AbortSignal) => Promise<GuardedProcess>;
  /** Milliseconds between SIGTERM and SIGKILL on `stop`. */
  readonly graceMs: number;
  readonly log: (text: string) => void;
}

/** A process that is started again whenever it ends. */
export interface Supervised {
  readonly name: string;
  pid(): number | undefined;
  /** Ends it for good. */
  stop(): Promise<void>;
  /** The same without waiting. */
  kill(): void;
}

/** A process that lived as long as this has recovered: the next pause is short again. */
const steadyMs = 10_000;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** How often a first start that may go better the next time is tried. */
const firstTries = 5;

/** A process ended before it was ready, but not by its own judgement on its settings: another try may go well. */
export class StartInterrupted extends DatenraffinerieError {}

/**
 * Starts a process, resolves when it is ready and keeps it running. Rejects where it does not come up the first time:
 * then its settings are wrong, unless it was interrupted again and again. Later deaths are answered by a new start, at
 * once the first time, then with pauses that double up to 10 s, so that a broken program does not spin.
 */
export async function supervise(options: SuperviseOptions): Promise<Supervised> {
  const stopping = new AbortController();
  let current = await startFirst(options, stopping.signal);
  const keep = async (): Promise<void> => {
    for (let deaths = 0; ;) {
      const born = Date.now();
      const ending = await current.ended;
      if (stopping.signal.aborted) return;
      deaths = Date.now() - born > steadyMs ? 0 : deaths + 1;
      options.log(`WARN ${options.name} has ended (${describeEnding(ending)}): starting it again`);
      current = await startAgain(options, deaths, stopping.signal);
      if (stopping.signal.aborted) {
        await current.stop(options.graceMs); // it came up while we were being stopped
        return;
      }
      options.log(`${options.name} is back (pid ${current.pid ?? 'unknown'})`);
    }
  };
  const kept = keep().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    name: options.name,
    pid: () => current.pid,
    stop: async () => {
      stopping.abort();
      await current.stop(options.graceMs);
      await kept;
    },
    kill: () => {
      stopping.abort();
      current.kill();
    },
  };
}

async function startFirst(options: SuperviseOptions, signal: AbortSignal): Promise<GuardedProcess> {
  for (let failures = 0; ; failures++) {
    try {
      return await options.start(signal);
    } catch (error) {
      if (!(error instanceof StartInterrupted) || failures + 1 === firstTries) throw error;
      options.log(`WARN ${error.message}: trying again`);
    }
    await delay(pauseMs(failures), undefined, { signal });
  }
}

/** Tries until it is up; rejects only when stopped. */
async function startAgain(options: SuperviseOptions, deaths: number, signal: AbortSignal): Promise<GuardedProcess> {
  for (let failures = deaths; ; failures++) {
    await delay(pauseMs(failures), undefined, { signal });
    try {
      return await options.start(signal);
    } catch (error) {
      signal.throwIfAborted();
      options.log(`WARN ${options.name} does not start: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}

/** 0.1 s, 0.2 s, 0.4 s, … 10 s. */
export function pauseMs(failures: number): number {
  return Math.min(firstPauseMs * 2 ** failures, longestPauseMs);
}

/** `signal SIGKILL`, `exit code 1`, or why it could not be started. */
export function describeEnding({ code, signal, error }: Ending): string {
  return error?.message ?? (signal === null ? `exit code ${code}` : `signal ${signal}`);
}
