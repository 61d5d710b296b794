import { once } from 'node:events';
import { fork } from 'node:child_process';
import { linkSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BoardLock } from '../../../../src/io/stand/locks/board-lock.js';
import { freePort } from '../../../../src/io/temporal/free-port.js';
import { root, temporaryFolder } from '../../../support/disk/folders.js';

const never = new AbortController().signal;
/** A port that is nobody's now: its lock is free. */
const port = (await freePort(0)) ?? 0;

const at = (hostname: string) => ({ hostname, port });

test('a board is one process’ at a time, by whatever name its computer is called; who has it is told', async () => {
  const lock = await BoardLock.take(at('127.0.0.1'), never);
  const other = BoardLock.take(at('localhost'), never);
  await expect(other).rejects.toMatchObject({
    type: 'BusyError',
    message: `the board behind the slow-control server at localhost:${port} is in use by process ${process.pid} of ${userInfo().username}`,
  });
  await lock.release();
  await (await BoardLock.take(at('localhost'), never)).release();
});

test('a board whose holder is killed is free at once', async () => {
  const holder = fork(join(root, 'test', 'support', 'stand', 'hold-board.js'), ['127.0.0.1', `${port}`]);
  await once(holder, 'message');
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  await (await BoardLock.take(at('127.0.0.1'), never)).release();
});

test('every user may lock a board, and an abort ends the wait for one', async () => {
  const lock = await BoardLock.take(at('127.0.0.1'), never);
  expect(statSync(lock.path).mode & 0o666).toBe(0o666);
  const abort = new AbortController();
  const waiting = BoardLock.take(at('127.0.0.1'), abort.signal);
  abort.abort(new Error('no longer wanted'));
  await expect(waiting).rejects.toThrow('no longer wanted');
  await lock.release();
});

test('the lock is no link to somebody’s file, no second name of one, and what stands in it is only shown as text', async () => {
  const lock = await BoardLock.take(at('127.0.0.1'), never);
  const { path } = lock;
  await lock.release();
  const victim = join(temporaryFolder(), 'victim');
  writeFileSync(victim, 'precious');
  for (const make of [symlinkSync, linkSync]) {
    rmSync(path);
    make(victim, path);
    await expect(BoardLock.take(at('127.0.0.1'), never)).rejects.toMatchObject({ type: 'StorageError' });
    expect(readFileSync(victim, 'utf8')).toBe('precious');
  }
  rmSync(path);
  const again = await BoardLock.take(at('127.0.0.1'), never);
  writeFileSync(path, '\u001b[31mprocess 1\u0007 of nobody\n'.repeat(100));
  const other = BoardLock.take(at('127.0.0.1'), never);
  await expect(other).rejects.toThrow(/in use by \[31mprocess 1 of nobody[^\p{C}]{0,180}$/u);
  await again.release();
});
