import { lookup } from 'node:dns/promises';
import { statSync } from 'node:fs';
import { chmod, open, readFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Address } from '../../../domain/config/network/network.js';
import { DatenraffinerieError } from '../../../domain/errors.js';
import { hasCode } from '../../files.js';
import { flock } from '../../processes/flock.js';
import { userName } from '../../user.js';

/** The same for all users of a computer: not every system lets all of them write into `/run/lock`. */
const sharedFolder = isForEverybody('/run/lock') ? '/run/lock' : '/tmp';
/** All users may lock it, whoever made it. */
const everybody = 0o666;
/** How long another process is waited for: one that has been killed is gone by then. */
const patienceSeconds = 3;

/**
 * The OS lock on a board, by the address of its slow-control server. The lock on a stand keeps apart what one user does
 * under one name; this one also keeps other users of the computer, and other names for the same board, away from it.
 */
export class BoardLock {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** Rejects with a BusyError that says who has it where another process does and keeps it. */
  static async take(slowControl: Address, signal: AbortSignal): Promise<BoardLock> {
    const path = await lockPath(slowControl);
    const file = await openShared(path);
    try {
      if (!(await flock(file.fd, patienceSeconds, signal))) throw await busy(slowControl, path);
      await file.truncate();
      await file.write(`process ${process.pid} of ${userName()}`);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new BoardLock(path, file);
  }

  async release(): Promise<void> {
    await this.file.close();
  }
}

function isForEverybody(folder: string): boolean {
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & 0o002) !== 0;
}

async function lockPath({ hostname, port }: Address): Promise<string> {
  const found = await lookup(hostname).catch(() => undefined); // one board has one address, by whatever name
  return join(sharedFolder, `datenraffinerie-board-${found?.address ?? hostname}-${port}.lock`);
}

/** Opened without O_CREAT where it is there: the kernel refuses that for files of other users in such folders. */
async function openShared(path: string): Promise<FileHandle> {
  try {
    const made = await open(path, 'wx', everybody).catch(unlessThere);
    if (made !== undefined) {
      await made.close();
      await chmod(path, everybody); // whatever the umask says
    }
    return await open(path, 'r+');
  } catch (cause) {
    throw new DatenraffinerieError('StorageError', `the lock of the board, ${path}, cannot be opened`, {
      remedy: 'let all users who drive the board read and write it',
      cause,
    });
  }
}

function unlessThere(error: unknown): undefined {
  if (hasCode(error, 'EEXIST')) return undefined;
  throw error;
}

async function busy({ hostname, port }: Address, path: string): Promise<DatenraffinerieError> {
  const holder = (await readFile(path, 'utf8').catch(() => '')).trim();
  const board = `the board behind the slow-control server at ${hostname}:${port}`;
  return new DatenraffinerieError('BusyError', `${board} is in use by ${holder === '' ? 'another process' : holder}`, {
    remedy: 'it is driven under another name of the stand or by another user: wait, or stop it there',
  });
}
