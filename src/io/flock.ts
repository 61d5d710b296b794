import { spawn, type StdioOptions } from 'node:child_process';
import { DatenraffinerieError } from '../domain/errors.js';

/**
 * Node has no flock: flock(1) locks the open file that it inherits as descriptor 3, which is ours too, and the lock
 * stays with it when flock(1) has ended.
 */
export function flock(fd: number, seconds: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ['ignore', 'ignore', 'ignore', fd];
    const child = spawn('flock', ['--timeout', String(seconds), '3'], { stdio, ...(signal ? { signal } : {}) });
    child.once('error', (cause) => {
      if (signal?.aborted === true) reject(signal.reason);
      else
        reject(
          new DatenraffinerieError('StorageError', 'flock(1) cannot be run', { remedy: 'install util-linux', cause }),
        );
    });
    child.once('exit', (code) => resolve(code === 0));
  });
}
