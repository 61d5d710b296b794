/** A signal that Ctrl-C and SIGTERM abort, once; after `stop` they end the process again as usual. */
export function abortOnInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort(new Error('interrupted'));
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, abort);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of signals) process.off(signal, abort);
    },
  };
}
