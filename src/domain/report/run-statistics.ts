import type { RunStatistics } from './model.js';
import type { ManifestLine } from '../scan/manifest.js';

/** Statistics of the runs in a manifest. */
export function runStatistics(lines: readonly ManifestLine[]): RunStatistics {
  const sum = (of: (line: ManifestLine) => number): number => lines.reduce((total, line) => total + of(line), 0);
  const count = (is: (line: ManifestLine) => boolean): number => lines.filter(is).length;
  const times = lines.map(secondsOf).sort((a, b) => a - b);
  const firstStart = lines.reduce((first, { start }) => (first === '' || start < first ? start : first), '');
  const lastEnd = lines.reduce((last, { end }) => (end > last ? end : last), '');
  return {
    measured: lines.length,
    events: sum(({ events }) => events),
    bytes: sum(({ bytes }) => bytes),
    truncatedBytes: sum(({ truncatedBytes }) => truncatedBytes),
    corruptHalves: sum(({ corruptHalves }) => corruptHalves),
    runsWithCorruptHalves: count(({ corruptHalves }) => corruptHalves > 0),
    shortRuns: count(({ short }) => short === true),
    laterAttempts: count(({ attempt }) => attempt > 1),
    firstStart,
    lastEnd,
    secondsInRuns: times.reduce((total, time) => total + time, 0),
    secondsInAll: lines.length === 0 ? 0 : (Date.parse(lastEnd) - Date.parse(firstStart)) / 1000,
    secondsPerRun: { median: times[Math.floor(times.length / 2)] ?? 0, longest: times.at(-1) ?? 0 },
    notable: lines.flatMap((line) => {
      const remarks = remarksOn(line);
      return remarks === '' ? [] : [{ run: line.run, remarks }];
    }),
  };
}

/** Duration of a run, s. */
export function secondsOf({ start, end }: ManifestLine): number {
  return (Date.parse(end) - Date.parse(start)) / 1000;
}

function remarksOn({ corruptHalves, events, short, attempt }: ManifestLine): string {
  const remarks = [
    corruptHalves > 0 ? `${corruptHalves} corrupt halves` : '',
    short === true ? `short: ${events} events` : '',
    attempt > 1 ? `attempt ${attempt}` : '',
  ];
  return remarks.filter((remark) => remark !== '').join(', ');
}
