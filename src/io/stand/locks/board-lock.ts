import { lookup } from 'node:dns/promises';
import { constants, statSync } from 'node:fs';
import { chmod, open, readdir, readFile, type FileHandle } from 'node:fs/promises';
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

const lockFile = /^datenraffinerie-board-(.*)-(\d+)\.lock$/;

/** All boards that were driven from this computer since it was started. */
export async function boardLocks(): Promise<{ name: string; isHeld: boolean; text: string }[]> {
  const found = (await readdir(sharedFolder)).filter((name) => lockFile.test(name));
  return Promise.all(
    found.map(async (name) => {
      const path = join(sharedFolder, name);
      const file = await openShared(path);
      try {
        const isHeld = !(await flock(file.fd, 0));
        const [, host = '', port = ''] = lockFile.exec(name) ?? [];
        return { name: `${host}:${port}`, isHeld, text: (await holderIn(path)) || 'another process' };
      } finally {
        await file.close();
      }
    }),
  );
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
    const file = await open(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (await isPlain(file)) return file;
    await file.close();
  } catch (cause) {
    throw new DatenraffinerieError('StorageError', `the lock of the board, ${path}, cannot be opened`, {
      remedy: 'let all users who drive the board read and write it; it must be no link',
      cause,
    });
  }
  throw new DatenraffinerieError('StorageError', `the lock of the board, ${path}, is no plain file`, {
    remedy: 'somebody has put something else there: remove it',
  });
}

/** Its text is overwritten: what another name of somebody's file leads to must not be. */
async function isPlain(file: FileHandle): Promise<boolean> {
  const stat = await file.stat();
  return stat.isFile() && stat.nlink === 1;
}

function unlessThere(error: unknown): undefined {
  if (hasCode(error, 'EEXIST')) return undefined;
  throw error;
}

/** What the lock says of its holder. */
async function holderIn(path: string): Promise<string> {
  const text = (await readFile(path, 'utf8').catch(() => '')).slice(0, 200);
  return text.replaceAll(/\p{C}/gu, '').trim(); // other users write it, and it goes to a terminal
}

async function busy({ hostname, port }: Address, path: string): Promise<DatenraffinerieError> {
  const holder = await holderIn(path);
  const board = `the board behind the slow-control server at ${hostname}:${port}`;
  return new DatenraffinerieError('BusyError', `${board} is in use by ${holder === '' ? 'another process' : holder}`, {
    remedy: 'it is driven under another name of the stand or by another user: wait, or stop it there',
  });
}
