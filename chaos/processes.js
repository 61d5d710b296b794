import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Living processes: `{pid, parent, args}`. */
export function listProcesses() {
  const text = execFileSync('ps', ['-eww', '-o', 'pid=,ppid=,stat=,args='], { encoding: 'utf8' });
  const rows = text.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+([^Z\s]\S*)\s+(.*)$/.exec(line));
  return rows.flatMap((row) => (row === null ? [] : [{ pid: Number(row[1]), parent: Number(row[2]), args: row[4] }]));
}

/** The child of `parent` whose command line matches, undefined where there is none at the moment. */
export function childOf(parent, pattern) {
  return listProcesses().find((entry) => entry.parent === parent && pattern.test(entry.args));
}

/** False where there is no such process any more. */
export function signalProcess(pid, signal) {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/**
 * All processes that have `word` in their environment, whoever is their parent now: what a killed process leaves behind
 * is found too. Undefined without /proc.
 */
export function processesWith(word) {
  if (process.platform !== 'linux') return undefined;
  const alive = new Map(listProcesses().map((entry) => [entry.pid, entry]));
  const pids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
  return pids.flatMap((pid) => (alive.has(pid) && environmentOf(pid).includes(word) ? [alive.get(pid)] : []));
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return '';
  }
}

/** Looks again until `look` gives something; rejects with `what` after `seconds`. */
export async function waitFor(what, look, seconds) {
  for (const end = Date.now() + 1000 * seconds; Date.now() < end; await delay(50)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}
