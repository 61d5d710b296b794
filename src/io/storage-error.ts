import { DatenraffinerieError } from '../domain/errors.js';
import { hasCode } from './files.js';

/** A file or folder that cannot be written. */
export function cannotWrite(path: string, cause: unknown): DatenraffinerieError {
  const why = hasCode(cause, 'ENOSPC') ? 'the disk is full' : cause instanceof Error ? cause.message : String(cause);
  return new DatenraffinerieError('StorageError', `${path}: cannot be written: ${why}`, {
    remedy: 'check that the folder exists, may be written to and has space left',
    cause,
  });
}

/** What `act` gives; where it throws, what `fail` makes of that is thrown. */
export function failingAs<T>(fail: (cause: unknown) => unknown, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw fail(cause);
  }
}
