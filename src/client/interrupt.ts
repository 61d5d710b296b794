const signals = ['SIGINT', 'SIGTERM'] as const;

/** Calls `act` at every Ctrl-C and SIGTERM; after `stop`, which it returns, they end the process again as usual. */
export function onInterrupt(act: () => void): () => void {
  return listen(act, 'on');
}

/** A signal that Ctrl-C and SIGTERM abort, once: what comes later, and after `stop`, ends the process as usual. */
export function abortOnInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const stop = listen(() => controller.abort(new Error('interrupted')), 'once');
  return { signal: controller.signal, stop };
}

function listen(act: () => void, how: 'on' | 'once'): () => void {
  for (const signal of signals) process[how](signal, act);
  return () => {
    for (const signal of signals) process.off(signal, act);
  };
}
