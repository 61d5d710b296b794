/**
 * Room: processes of the system: started, watched, ended with all that they started; locks between them.
 * May use: domain, domain/scan, io.
 */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export interface GuardedOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Files that it makes are for this user alone. */
  readonly isPrivate?: boolean;
  /** Every line that the process prints; those on stderr too, unless `onErrorLine` takes them. */
  readonly onLine?: (line: string) => void;
  readonly onErrorLine?: (line: string) => void;
  /** Seconds between SIGTERM and SIGKILL when our own process has died; default 20. */
  readonly orphanSeconds?: number;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Set where the process could not be started at all. */
  readonly error?: Error;
}

/** A child that does not outlive us, however we die. */
export interface GuardedProcess {
  /** The pid of the command itself, which leads a process group of its own. */
  readonly pid: number | undefined;
  readonly ended: Promise<Ending>;
  /** SIGTERM, and SIGKILL to its whole group after `graceMs`; resolves when it has ended. */
  stop(graceMs: number): Promise<Ending>;
  /** SIGKILL to the command and all it has started in its group. */
  kill(): void;
}

/*
 * The shell becomes the command (exec), so that the pid is the command's. What stays beside it waits on descriptor 3,
 * a pipe whose other end only we hold: it closes when we die, also by SIGKILL. As long as the watcher lives, its group's
 * number is in use, so no other process can get the command's pid and be hit in its place. The watcher is a shell of its
 * own, lest the command's words stand in its command line too: people look for workers by these.
 */
const guard = 'sh -c "$1" guard $$ "$2" </dev/null >/dev/null 2>&1 & shift 2; exec "$@" 3<&-';
const watcher = `
trap '' TERM INT
lives() { kill -0 $1 && case "$(ps -o stat= -p $1)" in Z*) return 1 ;; esac; }
read -r word <&3
kill -TERM $1
n=0
while [ $n -lt $2 ] && lives; do sleep 1; n=$((n + 1)); done
kill -KILL -- -$1
`;

/** Starts a command in a process group of its own, with a watcher that ends it when our process is gone. */
export function spawnGuarded(command: string, args: readonly string[], options: GuardedOptions = {}): GuardedProcess {
  const seconds = String(options.orphanSeconds ?? 20);
  const script = options.isPrivate === true ? `umask 077; ${guard}` : guard;
  const child = spawn('/bin/sh', ['-c', script, 'guard', watcher, seconds, command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
    env: options.env ?? process.env,
    cwd: options.cwd,
  });
  const killGroup = (): void => signalGroup(child.pid, 'SIGKILL');
  forwardLines(child.stdout, options.onLine);
  forwardLines(child.stderr, options.onErrorLine ?? options.onLine);
  const ended = new Promise<Ending>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('exit', (code, signal) => {
      killGroup(); // the watcher, and whatever the command has left behind
      resolve({ code, signal });
    });
  });
  return {
    pid: child.pid,
    ended,
    kill: killGroup,
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const timer = setTimeout(killGroup, graceMs);
      try {
        return await ended;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function forwardLines(stream: Readable | null, onLine: ((line: string) => void) | undefined): void {
  if (stream === null) return;
  if (onLine === undefined) stream.resume();
  else createInterface({ input: stream, crlfDelay: Infinity }).on('line', onLine);
}

/** A signal to a process group that may be gone. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // ESRCH: nothing of the group is left
  }
}
