import { describe, expect, it } from 'vitest';
import type { ManifestLine } from '../../../src/domain/scan/manifest.js';
import { runStatistics } from '../../../src/domain/report/run-statistics.js';

describe('runStatistics', () => {
  const line = (run: number, change: Partial<ManifestLine> = {}): ManifestLine => ({
    run,
    key: '',
    file: '',
    bytes: 100,
    sha256: '',
    mtimeMs: 0,
    events: 10,
    truncatedBytes: 1,
    corruptHalves: 0,
    attempt: 1,
    start: `2026-01-01T00:00:${10 + 2 * run}.000Z`,
    end: `2026-01-01T00:00:${11 + 2 * run}.000Z`,
    ...change,
  });

  it('adds up runs and points at those to look at', () => {
    const lines = [line(0), line(1, { corruptHalves: 3 }), line(2, { attempt: 2, short: true, events: 4 })];
    expect(runStatistics(lines)).toEqual({
      measured: 3,
      events: 24,
      bytes: 300,
      truncatedBytes: 3,
      corruptHalves: 3,
      runsWithCorruptHalves: 1,
      shortRuns: 1,
      laterAttempts: 1,
      firstStart: '2026-01-01T00:00:10.000Z',
      lastEnd: '2026-01-01T00:00:15.000Z',
      secondsInRuns: 3,
      secondsInAll: 5,
      secondsPerRun: { median: 1, longest: 1 },
      notable: [
        { run: 1, remarks: '3 corrupt halves' },
        { run: 2, remarks: 'short: 4 events, attempt 2' },
      ],
    });
    expect(runStatistics([])).toMatchObject({ measured: 0, secondsInAll: 0, firstStart: '' });
  });
});
