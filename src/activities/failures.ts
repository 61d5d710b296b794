/**
 * Room: what workflows may ask of the world: one file for each kind of work. Thin: heartbeats, a call into io, and
 * errors made into failures with a class.
 * May use: activities/opening, domain, domain/config/network, domain/daq, domain/scan, io, io/acquire, io/analysis,
 * io/configuration, io/merge, io/output, io/process, io/processes, io/report, io/stand, io/temporal.
 */

import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { DatenraffinerieError, type ErrorType } from '../domain/errors.js';
import { isOfSystem } from '../io/files.js';

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
  /** Errors without a class, which are mistakes of ours: waited out like those with one. Else a few tries must do. */
  readonly patient?: boolean;
}

/** A mistake of ours is seldom another at the next try. */
const triesOfUnknown = 5;

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
    const known = error instanceof DatenraffinerieError ? error : ofSystem(error);
    if (known !== undefined) throw toFailure(known, handling);
    throw handling.patient === true || activityInfo().attempt < triesOfUnknown ? error : givenUp(error);
  }
}

/** What the system says of a file, a folder or a disk; undefined of an error of another kind, which is a bug. */
function ofSystem(error: unknown): DatenraffinerieError | undefined {
  if (!isOfSystem(error)) return undefined;
  return new DatenraffinerieError('StorageError', error.message, {
    remedy: 'check that the folder exists, may be written to and has space left',
    cause: error,
  });
}

/** A failure larger than this is refused by the server, and would be tried again for ever. */
const longestMessage = 16_000;

function shortened(text: string): string {
  return text.length <= longestMessage ? text : `${text.slice(0, longestMessage)}… (${text.length} characters)`;
}

function givenUp(error: unknown): ApplicationFailure {
  const [name, text] = error instanceof Error ? [error.name, error.message] : ['Error', String(error)];
  return ApplicationFailure.create({
    message: shortened(`unexpected error: ${text}, ${triesOfUnknown} times\n    report it, with the worker's log`),
    type: name,
    nonRetryable: true,
  });
}

/** What is waited for is no fault of a worker after its first try: its log says it once, not every time. */
function isExpected(type: ErrorType): boolean {
  return type === 'BusyError' || (type === 'LinkError' && activityInfo().attempt > 1);
}

/** What failed and what helps, bounded. */
export function failureText({ message, remedy }: DatenraffinerieError): string {
  return shortened(remedy === undefined ? message : `${message}\n    ${remedy}`);
}

function toFailure(error: DatenraffinerieError, handling: FailureHandling): ApplicationFailure {
  const { retry, growing } = classes[error.type];
  const again = handling.retry?.[error.type] ?? retry;
  const seconds =
    growing && handling.gotOn?.() !== true ? Math.min(longestDelaySeconds, 2 ** (activityInfo().attempt - 1)) : 1;
  return ApplicationFailure.create({
    message: failureText(error),
    type: error.type,
    nonRetryable: !again,
    ...(isExpected(error.type) ? { category: ApplicationFailureCategory.BENIGN } : {}),
    ...(again ? { nextRetryDelay: `${seconds} seconds` } : {}),
    // its message once more would count twice
    ...(error.message.length <= longestMessage ? { cause: error } : {}),
  });
}
