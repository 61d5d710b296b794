import { readFileSync } from 'node:fs';
import { hasCode } from '../files.js';

/**
 * A word for one process and no other: pid and, on Linux, its start time in clock ticks since the boot and the boot's
 * id, so that a reused pid is told apart. Undefined where there is no such process.
 */
export function processIdentity(pid: number): string | undefined {
  if (!isAlive(pid)) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the command's name, in brackets, may hold blanks; the state is the first field after it, the start time the 20th
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${pid} ${fields[19] ?? ''} ${boot}`;
  } catch {
    return `${pid}`; // no /proc: macOS
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM'); // another user's
  }
}
