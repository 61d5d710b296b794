import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { AcquireOutcome } from '../../../src/domain/scan/tasks.js';
import {
  addChunk,
  carry,
  newControl,
  newCounts,
  takeCounts,
  waitFor,
  type CarriedCounts,
  type WellCounts,
} from '../../../src/workflows/well/well-state.js';
import { noted } from '../../../src/domain/scan/notes.js';
import { acquireOutcome, daqProcedure } from '../../support/temporal/fake-scan.js';

function countsOf(runs: number): WellCounts {
  return newCounts(daqProcedure('a', { runs }));
}

/** Measures all runs as a stand does that takes `secondsPerRun`; a chunk ends with the run after its time is up. */
function measure(runs: number, secondsPerRun: number): { chunks: { runs: number; seconds: number }[] } {
  const counts = countsOf(runs);
  const chunks: { runs: number; seconds: number }[] = [];
  while (counts.next < runs) {
    const from = counts.next;
    const fit = Math.floor(counts.chunkSeconds / secondsPerRun + 1e-9) + 1;
    const next = Math.min(runs, from + fit);
    chunks.push({ runs: next - from, seconds: (next - from) * secondsPerRun });
    addChunk(counts, acquireOutcome({ next, acquired: next - from, secondsPerRun }));
  }
  return { chunks };
}

describe('chunks', () => {
  test('of very slow runs have some runs each and end within minutes, so that processing overlaps', () => {
    const { chunks } = measure(100, 60);
    expect(chunks[0]).toEqual({ runs: 1, seconds: 60 }); // the first one only finds out how long a run takes
    for (const { runs, seconds } of chunks.slice(1, -1)) {
      expect(runs).toBeGreaterThanOrEqual(10);
      expect(seconds).toBeLessThanOrEqual(660);
    }
  });

  test('of very fast runs last half a minute: 100,000 runs make few of them', () => {
    const { chunks } = measure(100_000, 0.002);
    expect(chunks.length).toBeLessThan(12);
    for (const { seconds } of chunks.slice(1, -1)) expect(seconds).toBeCloseTo(30, 1);
  });

  test('in between have 25 runs', () => {
    const { chunks } = measure(200, 5);
    expect(chunks.slice(1, -1).map(({ runs }) => runs)).toEqual(Array(7).fill(26));
  });

  test('follow runs that become slower or faster', () => {
    const counts = countsOf(1000);
    addChunk(counts, acquireOutcome({ next: 100, acquired: 100, secondsPerRun: 0.05 }));
    expect(counts.chunkSeconds).toBe(30);
    addChunk(counts, acquireOutcome({ next: 110, acquired: 10, secondsPerRun: 10 }));
    expect(counts.chunkSeconds).toBe(250);
    addChunk(counts, acquireOutcome({ next: 600, acquired: 490, secondsPerRun: 0.1 }));
    expect(counts.chunkSeconds).toBe(30);
  });
});

describe('what a Well carries on', () => {
  test('stays small whatever comes: counts are summed, reasons kept to twenty', () => {
    const counts = countsOf(100_000);
    const outcome: Partial<AcquireOutcome> = { acquired: 7, reused: 1, failed: 2, quarantined: 1, shortRuns: 3 };
    for (let i = 1; i <= 1000; i++) {
      addChunk(
        counts,
        acquireOutcome({ ...outcome, next: 9 * i, reasons: [`reason ${2 * i}`, `reason ${2 * i + 1}`] }),
      );
    }
    const sums = { next: 9000, acquired: 7000, reused: 1000, failed: 2000, quarantined: 1000, shortRuns: 3000 };
    expect(counts).toMatchObject(sums);
    expect(counts.notes).toHaveLength(20);
    expect(JSON.stringify(counts).length).toBeLessThan(2000);
  });

  test('keeps the measured time of a run where a chunk measured none', () => {
    const counts = countsOf(10);
    addChunk(counts, acquireOutcome({ next: 3, acquired: 3, secondsPerRun: 4 }));
    addChunk(counts, acquireOutcome({ end: 'space', next: 3, secondsPerRun: 0 }));
    expect(counts).toMatchObject({ secondsPerRun: 4, chunkSeconds: 100 });
  });

  test('counts how often in a row it had to wait only until it measures again', () => {
    const counts = countsOf(10);
    counts.waits = 3;
    addChunk(counts, acquireOutcome({ end: 'space', next: 0 }));
    expect(counts.waits).toBe(3);
    addChunk(counts, acquireOutcome({ next: 1, acquired: 1 }));
    expect(counts.waits).toBe(0);
    counts.waits = 3;
    addChunk(counts, acquireOutcome({ end: 'space', next: 5, reused: 4 })); // taken by an attempt that died
    expect(counts.waits).toBe(0);
  });
});

describe('what a Well tells', () => {
  const lost = { kind: 'quarantined', text: 'run 3 is quarantined: no answer' } as const;
  const again = { kind: 'again', text: 'raw/run_00004.raw is missing' } as const;

  test('is handed to its next run with kinds, and with the texts that a run of 2.0.0 wants', () => {
    const counts = countsOf(10);
    addChunk(counts, acquireOutcome({ next: 4, acquired: 3, quarantined: 1, ...noted([lost]) }));
    addChunk(counts, acquireOutcome({ next: 5, acquired: 1, reasons: [again.text] })); // by a worker of 2.0.0
    expect(counts.notes).toEqual([lost, { ...again, kind: 'other' }]);
    const carried = carry(counts);
    expect(carried.reasons).toEqual([lost.text, again.text]);
    expect(takeCounts(carried)).toMatchObject(counts);
  });

  test('is understood where a run of 2.0.0 hands it on, which adds texts and leaves notes as they were', () => {
    const { notes: _, ...old } = carry(countsOf(10));
    expect(takeCounts({ ...old, reasons: [lost.text] }).notes).toEqual([lost]);
    const mixed: CarriedCounts = { ...old, notes: [again], reasons: [again.text, lost.text] };
    expect(takeCounts(mixed).notes).toEqual([again, lost]);
    expect(takeCounts({ ...mixed, reasons: [lost.text] }).notes).toEqual([lost]);
  });

  test('is since when it waits: trying again for the lock goes on, another reason begins anew', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const control = newControl(undefined);
    waitFor(control, 'lock', 'its stand: in use by process 7');
    const first = control.waiting;
    expect(first).toMatchObject({ kind: 'lock', tries: 1 });
    expect(new Date(first?.since ?? '').toISOString()).toBe(first?.since);
    vi.advanceTimersByTime(5000);
    waitFor(control, 'lock', 'its stand: in use by process 8');
    expect(control.waiting).toEqual({ ...first, text: 'its stand: in use by process 8', tries: 2 });
    waitFor(control, 'resume', 'resume');
    expect(control.waiting).not.toHaveProperty('tries');
    expect(control.waiting?.since).not.toBe(first?.since);
  });
});
