/**
 * Room: what workflows may ask of the world: one file for each kind of work. Thin: heartbeats, a call into io, and
 * errors made into failures with a class.
 * May use: domain, domain/scan, io/acquire, io/analysis, io/configuration, io/merge, io/output, io/process,
 * io/processes, io/report, io/stand.
 */

import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DatenraffinerieError, type ErrorType } from '../domain/errors.js';

/** What a failure's class means for trying again; the only place where that is decided. */
const classes: Record<ErrorType, { readonly retry: boolean; readonly growing?: boolean }> = {
  ConfigError: { retry: false },
  RefusedError: { retry: false },
  AnalysisError: { retry: false },
  DataError: { retry: true },
  StandError: { retry: true },
  ReadingError: { retry: true },
  LinkError: { retry: true, growing: true },
  TimeoutError: { retry: true, growing: true },
  BusyError: { retry: true },
  StorageError: { retry: true, growing: true },
  ServerError: { retry: true, growing: true },
};

/** Failures of the stand and of the output folder are waited out, up to this between two tries. */
const longestDelaySeconds = 30;

/** How one activity differs from the classes. */
export interface FailureHandling {
  /** Whether a class is tried again. */
  readonly retry?: Partial<Record<ErrorType, boolean>>;
  /** Whether this attempt got on before it failed: then the pause before the next one does not grow. */
  readonly gotOn?: () => boolean;
}

/**
 * Runs an activity's body and turns what it throws into a failure that Temporal can judge. An aborted body rejects with
 * the signal's reason, so that pausing, resetting and shutting down are told apart from a real cancellation.
 */
export async function withFailures<T>(body: () => Promise<T>, handling: FailureHandling = {}): Promise<T> {
  try {
    return await body();
  } catch (error) {
    const signal = cancellationSignal();
    if (signal.aborted) throw signal.reason;
    throw error instanceof DatenraffinerieError ? toFailure(error, handling) : error;
  }
}

function toFailure(error: DatenraffinerieError, handling: FailureHandling): ApplicationFailure {
  const { retry, growing } = classes[error.type];
  const again = handling.retry?.[error.type] ?? retry;
  const seconds =
    growing && handling.gotOn?.() !== true ? Math.min(longestDelaySeconds, 2 ** (activityInfo().attempt - 1)) : 1;
  return ApplicationFailure.create({
    message: error.remedy === undefined ? error.message : `${error.message}\n    ${error.remedy}`,
    type: error.type,
    nonRetryable: !again,
    ...(again ? { nextRetryDelay: `${seconds} seconds` } : {}),
    cause: error,
  });
}
