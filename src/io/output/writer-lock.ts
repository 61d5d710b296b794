import { open, readFile, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { DatenraffinerieError } from '../../domain/errors.js';
import { exists } from '../files.js';
import { flock, isUnsupported } from '../processes/flock.js';

/** One that was killed is gone by then. */
const patienceSeconds = 5;

/**
 * The OS lock on what has one writer, of whatever stand, server or attempt: manifest and raw files of a procedure, the
 * results of an analysis.
 */
export class WriterLock {
  private constructor(
    private readonly file: FileHandle,
    /** Why the folder cannot be locked, where it cannot. */
    readonly warning: string | undefined,
  ) {}

  /** Rejects with a BusyError that says who has it where another process keeps it. */
  static async take(path: string, signal: AbortSignal): Promise<WriterLock> {
    const file = await open(path, 'a');
    try {
      if (!(await flock(file.fd, patienceSeconds, signal))) throw busy(await holderOf(path), dirname(path));
      await file.truncate();
      await file.write(`process ${process.pid} on ${hostname()}`);
      return new WriterLock(file, undefined);
    } catch (error) {
      if (isUnsupported(error)) return new WriterLock(file, `${dirname(path)} is on a file system without locks`);
      await file.close();
      throw error;
    }
  }

  async release(): Promise<void> {
    await this.file.close();
  }
}

/** Who holds a lock now; undefined where nobody does. */
export async function lockedBy(path: string): Promise<string | undefined> {
  if (!(await exists(path))) return undefined;
  const file = await open(path, 'a');
  try {
    return (await flock(file.fd, 0)) ? undefined : await holderOf(path);
  } catch (error) {
    if (isUnsupported(error)) return undefined;
    throw error;
  } finally {
    await file.close();
  }
}

async function holderOf(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8').catch(() => '')).trim();
  return text === '' ? 'another process' : text;
}

function busy(holder: string, folder: string): DatenraffinerieError {
  return new DatenraffinerieError('BusyError', `${folder} is being written by ${holder}`, {
    remedy: 'wait for it, or end it there',
  });
}
