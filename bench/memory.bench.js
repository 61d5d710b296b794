import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const name = 'memory of raw → event rows → HDF5, 10⁶ events (to 10⁴)';
export const goal = 1.2;
export const better = 'lower';

export function run() {
  return peak(1_000_000) / peak(10_000);
}

/** Largest resident set in kB of a process that does it. */
function peak(events) {
  const script = fileURLToPath(new URL('memory-process.js', import.meta.url));
  return Number(execFileSync(process.execPath, [script, String(events)]).toString());
}
