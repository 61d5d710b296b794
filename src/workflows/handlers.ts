import type { UpdateDefinition } from '@temporalio/common';
import {
  ApplicationFailure,
  CancellationScope,
  log,
  setHandler,
  TemporalFailure,
  type SignalDefinition,
} from '@temporalio/workflow';

/**
 * Hears a signal as every workflow of ours must: also while the workflow is being cancelled, whatever the signal brings
 * (it may come from the `temporal` command line), and without an error, which would end the workflow or its task.
 * @param problem why what came is no argument of this signal, if it is none; it is logged and changes nothing
 */
export function onSignal<Arguments extends unknown[]>(
  signal: SignalDefinition<Arguments>,
  description: string,
  handle: (...parameters: NoInfer<Arguments>) => void | Promise<void>,
  problem: (...parameters: unknown[]) => string | undefined = () => undefined,
): void {
  const hear = async (...parameters: Arguments): Promise<void> => {
    try {
      const wrong = problem(...parameters);
      if (wrong === undefined) await handle(...parameters);
      else log.warn('a signal was not taken', { signal: signal.name, problem: wrong });
    } catch (error) {
      log.warn('a signal was not taken', { signal: signal.name, error });
    }
  };
  setHandler(signal, (...parameters) => CancellationScope.nonCancellable(() => hear(...parameters)), { description });
}

/**
 * Takes an update likewise: what is wrong about it is answered and changes nothing, and what it does is done to its end.
 * @param problem why it cannot be taken now, if so
 */
export function onUpdate<Result, Arguments extends unknown[]>(
  update: UpdateDefinition<Result, Arguments>,
  description: string,
  handle: (...parameters: NoInfer<Arguments>) => Promise<Result>,
  problem: (...parameters: unknown[]) => string | undefined,
): void {
  const validator = (...parameters: Arguments): void => {
    const wrong = problem(...parameters);
    if (wrong !== undefined) throw ApplicationFailure.nonRetryable(wrong, 'ConfigError');
  };
  const take = async (...parameters: Arguments): Promise<Result> => {
    try {
      return await handle(...parameters);
    } catch (error) {
      // any other error would fail the workflow's task, again and again
      throw error instanceof TemporalFailure ? error : ApplicationFailure.nonRetryable(String(error));
    }
  };
  const lasting = (...parameters: Arguments): Promise<Result> =>
    CancellationScope.nonCancellable(() => take(...parameters));
  setHandler(update, lasting, { description, validator });
}
