import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly args: string;
}

/** All living processes of this machine. */
export function listProcesses(): ProcessEntry[] {
  const text = execFileSync('ps', ['-eww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  const lines = text.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line));
  return lines.flatMap((match) => {
    const [, pid, parent, state, args] = match ?? [];
    if (state === undefined || args === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), args }];
  });
}

/** The children of `parent` whose command line matches. */
export function childrenOf(parent: number, pattern: RegExp): ProcessEntry[] {
  return listProcesses().filter((entry) => entry.parent === parent && pattern.test(entry.args));
}

/** Polls until `look` finds something; fails after `timeoutMs` with `what`. For states that tell nobody. */
export async function waitUntil<T>(
  what: string,
  look: () => T | undefined | Promise<T | undefined>,
  timeoutMs = 60_000,
): Promise<T> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await delay(100)) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}
