import { clearInterval, setInterval } from 'node:timers';
import { execFileSync } from 'node:child_process';

/**
 * Samples the resident set of every process below `parent` while `progress` grows. `stop` gives for each what it had at
 * most, in MB, in the third and fourth quarter of the work: flat means that the last is not more than the one before.
 */
export function watchMemory(parent, progress) {
  const samples = [];
  const sample = () => samples.push({ done: progress(), processes: below(parent) });
  const timer = setInterval(sample, 1000);
  return {
    stop: () => {
      clearInterval(timer);
      const all = samples.at(-1)?.done ?? 0;
      const names = [...new Set(samples.flatMap(({ processes }) => [...processes.keys()]))];
      return names.map((name) => ({
        name,
        secondQuarter: most(samples, name, all / 4, all / 2),
        lastQuarter: most(samples, name, (3 * all) / 4, all - 1),
        peak: most(samples, name, 0, Infinity),
      }));
    },
  };
}

function most(samples, name, from, to) {
  const chosen = samples.filter(({ done }) => done >= from && done <= to);
  return Math.round(Math.max(0, ...chosen.map(({ processes }) => processes.get(name) ?? 0)));
}

/** Name → resident set in MB of the processes whose ancestor is `parent`, and of itself. */
function below(parent) {
  const text = execFileSync('ps', ['-eww', '-o', 'pid=,ppid=,rss=,args='], { encoding: 'utf8' });
  const all = text.split('\n').flatMap((line) => {
    const [, pid, ppid, rss, args] = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), ppid: Number(ppid), mb: Number(rss) / 1024, args }];
  });
  const ours = new Set([parent]);
  for (let grown = true; grown;) {
    grown = false;
    for (const { pid, ppid } of all) if (ours.has(ppid) && !ours.has(pid)) grown = Boolean(ours.add(pid));
  }
  const found = new Map();
  for (const { pid, mb, args } of all) if (ours.has(pid)) found.set(nameOf(args), (found.get(nameOf(args)) ?? 0) + mb);
  return found;
}

function nameOf(args) {
  return /worker (\w+)|(server) start-dev|\b(up) --port/.exec(args)?.slice(1).find(Boolean) ?? 'other';
}
