import { spawn, type StdioOptions } from 'node:child_process';
import { DatenraffinerieError } from '../../domain/errors.js';
import { describeEnding } from './supervise.js';

/** flock(1)'s word for a lock that another has; whatever else it exits with is trouble. */
const taken = 1;

/**
 * Node has no flock: flock(1) locks the open file that it inherits as descriptor 3, which is ours too, and the lock
 * stays with it when flock(1) has ended. False where another has it, still after `seconds`.
 */
export function flock(fd: number, seconds: number, signal?: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', fd];
    const child = spawn('flock', ['--timeout', String(seconds), '3'], { stdio, ...(signal ? { signal } : {}) });
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.once('error', (cause) => {
      if (signal?.aborted === true) reject(signal.reason);
      else
        reject(
          new DatenraffinerieError('StorageError', 'flock(1) cannot be run', { remedy: 'install util-linux', cause }),
        );
    });
    child.once('close', (code, killed) => {
      if (code === 0 || code === taken) return resolve(code === 0);
      const how = describeEnding({ code, signal: killed });
      const text = `flock(1) failed (${how})${said === '' ? '' : `: ${said.trim()}`}`;
      reject(
        new DatenraffinerieError('StorageError', text, { remedy: 'is the lock on a file system that has locks?' }),
      );
    });
  });
}
