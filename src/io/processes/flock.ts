import { spawn, type StdioOptions } from 'node:child_process';
import { DatenraffinerieError } from '../../domain/errors.js';
import { describeEnding } from './supervise.js';

/**
 * The lock of an open file, or false where another has it and keeps it for `seconds`. Node has no flock: flock(1) locks
 * the open file that it inherits as descriptor 3, which is ours too, and the lock stays with it when flock(1) has ended.
 */
export async function flock(fd: number, seconds: number, signal?: AbortSignal): Promise<boolean> {
  const waited = seconds > 0 ? await run(['-w', String(seconds)], fd, signal) : undefined;
  if (waited?.code === 0) return true;
  if (waited?.code === 1) return false;
  // Homebrew's ends otherwise when time is up, and must not be asked to wait for 0 s; without waiting all agree
  const ended = await run(['-n'], fd, signal);
  if (ended.code === 0 || ended.code === 1) return ended.code === 0;
  throw new LockingError(`a file cannot be locked: ${ended.text || `flock(1): ${describeEnding(ended)}`}`);
}

class LockingError extends DatenraffinerieError {
  constructor(message: string) {
    super('StorageError', message);
  }
}

/** Whether `flock` failed since the file system has no locks, as some network shares. */
export function isUnsupported(error: unknown): boolean {
  return error instanceof LockingError && /not supported|not implemented|No locks available/i.test(error.message);
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What it said on stderr. */
  readonly text: string;
}

/** Options of one letter, which every flock(1) knows. */
function run(options: readonly string[], fd: number, signal: AbortSignal | undefined): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const stdio: StdioOptions = ['ignore', 'ignore', 'pipe', fd];
    const child = spawn('flock', [...options, '3'], { stdio, ...(signal ? { signal } : {}) });
    let text = '';
    child.stderr?.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    child.once('error', (cause) => reject(signal?.aborted === true ? signal.reason : cannotRun(cause)));
    child.once('close', (code, killed) => resolve({ code, signal: killed, text: text.trim() }));
  });
}

function cannotRun(cause: NodeJS.ErrnoException): DatenraffinerieError {
  const why = cause.code === 'ENOENT' ? 'is not on PATH' : `cannot be run: ${cause.message}`;
  return new DatenraffinerieError('ConfigError', `flock(1), which locks stands and boards, ${why}`, {
    remedy: "install util-linux; on macOS 'brew install flock'",
    cause,
  });
}
