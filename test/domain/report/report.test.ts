import { describe, expect, it } from 'vitest';
import { formatBytes, formatSeconds, formatTime } from '../../../src/domain/report/format.js';
import { html, table } from '../../../src/domain/report/html.js';
import { runStatistics } from '../../../src/domain/report/run-statistics.js';
import type { ManifestLine } from '../../../src/domain/scan/manifest.js';

describe('html', () => {
  it('escapes text and leaves HTML alone', () => {
    expect(html`<b title="${`"'`}">${'<script>&'}</b>${html`<i>${1}</i>`}${undefined}`.text).toBe(
      '<b title="&quot;&#39;">&lt;script&gt;&amp;</b><i>1</i>',
    );
  });

  it('sets numbers right', () => {
    const { text } = table(['a'], [['1.5'], ['-2e-7'], ['text 1']]);
    expect(text.match(/class="number"/g)).toHaveLength(2);
  });
});

describe('format', () => {
  it.each([
    [formatBytes(0), '0 B'],
    [formatBytes(13_370_000), '13.4 MB'],
    [formatBytes(2.5e12), '2.50 TB'],
    [formatSeconds(0.346), '0.35 s'],
    [formatSeconds(200), '3 min 20 s'],
    [formatSeconds(18_720), '5 h 12 min'],
    [formatTime('2026-11-24T06:54:24.971Z'), '2026-11-24 06:54:24 UTC'],
    [formatTime(''), ''],
  ])('%s', (found, expected) => expect(found).toBe(expected));
});

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
