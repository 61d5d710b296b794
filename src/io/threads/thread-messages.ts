import { isOfSystem } from '../files.js';
import { ConfigError, DatenraffinerieError, type ErrorType, type Problem } from '../../domain/errors.js';

/** What a thread is told to do. */
export interface ThreadTask {
  /** URL of a compiled module. */
  readonly module: string;
  readonly function: string;
  readonly input: unknown;
}

/** What a thread answers: any number of `progress`, then one of the others. */
export type ThreadReply =
  | { readonly kind: 'progress'; readonly value: unknown }
  | { readonly kind: 'result'; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: StoredError };

/** An error on its way between threads: structured cloning would lose its class and fields. */
export interface StoredError {
  readonly message: string;
  readonly stack: string | undefined;
  readonly type: ErrorType | undefined;
  readonly remedy: string | undefined;
  readonly problems: readonly Problem[] | undefined;
  /** Of what the system says. */
  readonly system: { readonly code: unknown; readonly syscall: unknown } | undefined;
}

export function storeError(error: unknown): StoredError {
  const known = error instanceof DatenraffinerieError ? error : undefined;
  return {
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
    type: known?.type,
    remedy: known?.remedy,
    problems: error instanceof ConfigError ? error.problems : undefined,
    system: isOfSystem(error) ? { code: error.code, syscall: error.syscall } : undefined,
  };
}

export function restoreError(stored: StoredError): Error {
  if (stored.problems !== undefined) return new ConfigError(stored.problems);
  const cause = new Error(stored.message);
  if (stored.stack !== undefined) cause.stack = stored.stack;
  if (stored.type === undefined) return Object.assign(cause, stored.system);
  const remedy = stored.remedy === undefined ? {} : { remedy: stored.remedy };
  return new DatenraffinerieError(stored.type, stored.message, { ...remedy, cause });
}
