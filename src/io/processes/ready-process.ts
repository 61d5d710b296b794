import { spawnGuarded, type Ending, type GuardedOptions, type GuardedProcess } from './guarded-process.js';

/** A process of ours, and how it ended where it did so before it was ready. */
export interface StartedProcess {
  readonly child: GuardedProcess;
  readonly early?: Early;
}

export interface Early {
  readonly ending: Ending;
  /** Its last message, empty where it said nothing. */
  readonly last: string;
}

/**
 * Starts a command that prints a line `ready …` when it can be used, and waits for that or for its end; `signal` kills it
 * until then. Other lines go where `options` say.
 */
export async function startReady(
  command: string,
  args: readonly string[],
  options: GuardedOptions,
  signal: AbortSignal,
): Promise<StartedProcess> {
  signal.throwIfAborted();
  let last = '';
  let announce = (): void => undefined;
  const ready = new Promise<'ready'>((resolve) => {
    announce = () => resolve('ready');
  });
  const child = spawnGuarded(command, args, {
    ...options,
    onLine: (line) => {
      if (line.startsWith('ready ')) announce();
      else options.onLine?.(line);
    },
    onErrorLine: (line) => {
      if (/^\S/.test(line)) last = line; // remedies are indented
      options.onErrorLine?.(line);
    },
  });
  const abort = (): void => child.kill();
  signal.addEventListener('abort', abort, { once: true });
  const first = await Promise.race([ready, child.ended]);
  signal.removeEventListener('abort', abort);
  return first === 'ready' ? { child } : { child, early: { ending: first, last } };
}
