import { rm } from 'node:fs/promises';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { readIfExists, writeFileAtomic } from '../../files.js';

/** A file that holds the token of a lock as long as it is held. */
export class TokenFile {
  /** @param path undefined: the token is kept nowhere. */
  constructor(private readonly path: string | undefined) {}

  async read(): Promise<string | undefined> {
    if (this.path === undefined) return undefined;
    const text = await readIfExists(this.path).catch((error: unknown) => {
      throw unreadable(this.path, error);
    });
    return text === '' ? undefined : text;
  }

  async write(token: string): Promise<void> {
    if (this.path === undefined) return;
    await writeFileAtomic(this.path, token, 0o600);
  }

  async remove(): Promise<void> {
    if (this.path !== undefined) await rm(this.path, { force: true });
  }
}

/** A lock whose token is not known would be taken for somebody else's. */
function unreadable(path: string | undefined, cause: unknown): DatenraffinerieError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new DatenraffinerieError(
    'StorageError',
    `the token of the coordinator's lock, ${path}, cannot be read: ${why}`,
    {
      remedy: 'let the daq worker read it, or remove it and restart the coordinator',
      cause,
    },
  );
}
