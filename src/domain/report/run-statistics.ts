import type { ManifestLine } from '../scan/manifest.js';

/** What a procedure's manifest says of its runs. */
export interface RunStatistics {
  readonly measured: number;
  readonly events: number;
  readonly bytes: number;
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  readonly runsWithCorruptHalves: number;
  readonly shortRuns: number;
  /** Runs that were not measured by the first attempt at their chunk. */
  readonly laterAttempts: number;
  /** ISO 8601, UTC; empty where nothing was measured. */
  readonly firstStart: string;
  readonly lastEnd: string;
  /** Sum of the runs' own times, s. Against the whole time it tells what was lost between runs. */
  readonly secondsInRuns: number;
  readonly secondsInAll: number;
  readonly secondsPerRun: { readonly median: number; readonly longest: number };
  /** Runs that somebody should look at: corrupt, short, or measured by a later attempt. */
  readonly notable: readonly { readonly run: number; readonly remarks: string }[];
}

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
