/** What a supervised worker prints on stdout every second, so that one that hangs or is stopped is noticed. */
export const beat = 'alive';
/** Set in the environment of workers whose supervisor listens for beats. */
export const beatVariable = 'DATENRAFFINERIE_BEAT';
/** Longer than heartbeats of activities are waited for: work has gone on elsewhere by then, if it could. */
export const patienceSeconds = 10;

export interface Watchdog {
  hear(): void;
  stop(): void;
}

/**
 * Calls `onSilence` once where nothing was heard for ten ticks of a second. Ticks are counted, not time: a supervisor
 * that was stopped itself, or a machine that was asleep, must not blame the worker.
 */
export function startWatchdog(onSilence: () => void, tickMs = 1000): Watchdog {
  let silent = 0;
  const timer = setInterval(() => {
    silent++;
    if (silent <= patienceSeconds) return;
    clearInterval(timer);
    onSilence();
  }, tickMs);
  timer.unref();
  return { hear: () => void (silent = 0), stop: () => clearInterval(timer) };
}

/** In the worker: whether a supervisor listens. */
export function isSupervised(environment: NodeJS.ProcessEnv = process.env): boolean {
  return environment[beatVariable] !== undefined;
}

/** In the worker: beats from the loop that everything else waits for, too, as long as something else keeps it going. */
export function beatIfAsked(environment: NodeJS.ProcessEnv = process.env): void {
  if (!isSupervised(environment)) return;
  setInterval(() => process.stdout.write(`${beat}\n`), 1000).unref();
}
