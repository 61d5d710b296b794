/**
 * Room: words that everything shares: errors, quantities. The domain is pure: no clock, no chance, no machine, no
 * Temporal.
 * May use: nothing.
 */

/**
 * What can go wrong, as the user is told it. `type` is what Temporal failures carry and what decides about retrying
 * (see docs/failures.md); the text names what, where, the value found and, where there is one, the remedy.
 */
export type ErrorType =
  /** Files, names or values that the user gave are wrong, or a program is missing: never retried, exit code 2. */
  | 'ConfigError'
  /** A raw file that is none, or a part or table that cannot be read. */
  | 'DataError'
  /** A service of the stand did not answer, or its connection broke: retried with back-off. */
  | 'LinkError'
  /** A service answered too late, or a run did not end: retried with back-off. */
  | 'TimeoutError'
  /** Chips or daq server answer with an error or are in a wrong state: re-initialised and retried. */
  | 'StandError'
  /** The stand refused the configuration itself: stops at once. */
  | 'RefusedError'
  /** The stand's own command for slow readings refuses: the scan pauses, and goes on when it succeeds again. */
  | 'ReadingError'
  /** The stand or the output folder is in use by another. */
  | 'BusyError'
  /** Disk full, share not mounted, file not writable. */
  | 'StorageError'
  /** A user's analysis failed or lacks declared outputs. */
  | 'AnalysisError'
  /** Temporal server or a worker cannot be reached. */
  | 'ServerError';

export class DatenraffinerieError extends Error {
  readonly type: ErrorType;
  readonly remedy: string | undefined;

  constructor(type: ErrorType, message: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = type;
    this.type = type;
    this.remedy = options.remedy;
  }
}

/** One finding in a user's file; `line` and `column` count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** The source line, as it stands in the file. */
  readonly excerpt?: string;
  readonly remedy?: string;
}

/** All problems of a configuration at once; `message` is their text, one after the other. */
export class ConfigError extends DatenraffinerieError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('ConfigError', problems.map(formatProblem).join('\n'));
    this.problems = problems;
  }
}

/** `file:line:column: message`, the excerpt and the remedy on lines of their own. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  const head = `${place === '' ? '' : `${place}: `}${problem.severity === 'warning' ? 'warning: ' : ''}${problem.message}`;
  const excerpt = problem.excerpt === undefined ? [] : [`    ${problem.excerpt.trim()}`];
  const remedy = problem.remedy === undefined ? [] : [`    ${problem.remedy}`];
  return [head, ...excerpt, ...remedy].join('\n');
}
