import { spawn } from 'node:child_process';
import { childEnvironment } from './child-environment.js';
import { signalGroup } from './guarded-process.js';

export interface CommandOptions {
  /** How long it may take. */
  readonly seconds: number;
  readonly signal?: AbortSignal;
  /** For its stdin. */
  readonly input?: string;
  /** What it prints goes where our own output goes, and is not kept. */
  readonly inherit?: boolean;
  /** Default: ours without what opens doors. */
  readonly environment?: NodeJS.ProcessEnv;
}

export interface CommandEnding {
  readonly stdout: string;
  /** Of stdout and stderr; empty where it printed nothing. */
  readonly lastLine: string;
  /** How it failed; undefined where it ended well. */
  readonly failure?: string;
}

/**
 * Runs a command that a user has written down: a text by the shell, a list without one. It has a process group of its
 * own, so that what it has started ends with it when time is up and when `signal` aborts (rejects with its reason).
 */
export async function runUserCommand(
  command: string | readonly string[],
  { seconds, signal, input = '', inherit = false, environment = childEnvironment() }: CommandOptions,
): Promise<CommandEnding> {
  signal?.throwIfAborted();
  const [program, ...args] = typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
  const output = inherit ? 'inherit' : 'pipe';
  const child = spawn(program, args, {
    stdio: ['pipe', output, output],
    detached: true,
    env: environment,
  });
  let [stdout, all] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => void ((stdout += text), (all += text)));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => void (all += text));
  child.stdin?.on('error', () => undefined); // it need not read
  child.stdin?.end(input);
  const limit = AbortSignal.timeout(1000 * seconds);
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  const failure = await new Promise<string | undefined>((resolve) => {
    const stop = (): void => {
      signalGroup(child.pid, 'SIGKILL');
      resolve(`it was not done after ${seconds} s`);
    };
    either.addEventListener('abort', stop);
    child.once('error', ({ message }) => resolve(message));
    child.once('close', (code, killed) => {
      either.removeEventListener('abort', stop);
      resolve(code === 0 ? undefined : howEnded(code, killed));
    });
  });
  signal?.throwIfAborted();
  const lastLine = all.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return { stdout, lastLine, ...(failure === undefined ? {} : { failure }) };
}

function howEnded(code: number | null, signal: NodeJS.Signals | null): string {
  return code === null ? `it was killed by ${signal}` : `it ended with exit code ${code}`;
}
