import { describe, expect, test } from 'vitest';
import { noted, waits, type WaitingKind } from '../../../src/domain/scan/notes.js';
import type { ProcedureProgress } from '../../../src/workflows/messages.js';
import { takeProgress } from '../../../src/workflows/progress.js';
import { findNotice, nothingNoticed } from '../../../src/workflows/yard/notices.js';

function progress(more: Partial<ProcedureProgress>): ProcedureProgress {
  const counts = { runs: 100, acquired: 0, processed: 0, reused: 0, failed: 0, quarantined: 0, shortRuns: 0 };
  return takeProgress({ name: 'a', type: 'daq', state: 'acquiring', merged: false, reasons: [], ...counts, ...more });
}

/** What is said while progress comes in. */
function said(all: readonly Partial<ProcedureProgress>[]): string[] {
  let noticed = nothingNoticed;
  return all.flatMap((more) => {
    const found = findNotice(noticed, progress(more));
    if (found === undefined) return [];
    ({ noticed } = found);
    return [`${found.event}: ${found.message}`];
  });
}

describe('people are told', () => {
  test('of runs that are left out: the first, and whenever their number has doubled', () => {
    const counts = [0, 1, 1, 2, 3, 4, 7, 8].map((quarantined) => ({ quarantined }));
    expect(said(counts)).toEqual([1, 2, 4, 8].map((n) => `quarantined: ${n} of 100 runs left out`));
    const reasons = ['run 3 was measured with another configuration', 'run 7 is quarantined: chip 1 does not answer'];
    expect(said([{ quarantined: 1, reasons }])).toEqual([`quarantined: 1 of 100 runs left out: ${reasons[1]}`]);
  });

  test('once that it waits for something outside, again only when it has measured in between', () => {
    const full = { state: 'paused', waitingFor: 'disk space: 9 MB are still to come' } as const;
    const later = { ...full, waitingFor: 'disk space: 8 MB are still to come' };
    expect(said([full, { state: 'acquiring' }, later, { acquired: 5 }, { ...later, acquired: 5 }])).toEqual([
      'waits: waits for disk space: 9 MB are still to come',
      'waits: waits for disk space: 8 MB are still to come',
    ]);
  });

  test('that an analysis asks', () => {
    const asking = { type: 'analysis', state: 'paused', waitingFor: 'an answer to cal: spread 20 %' } as const;
    expect(said([asking, asking])).toEqual(['asks: waits for an answer to cal: spread 20 %']);
  });

  test('not of a pause that they asked for, nor of waiting for the stand', () => {
    expect(said([{ state: 'paused', waitingFor: 'resume' }])).toEqual([]);
    expect(said([{ state: 'queued', waitingFor: 'stand lab, used by s-2 (b)' }])).toEqual([]);
  });

  test('by the kind of what is noted and waited for, whatever the texts say', () => {
    const since = '2026-11-24T06:15:00.000Z';
    const misleading = noted([
      { kind: 'again', text: 'run 3 was quarantined with another configuration' },
      { kind: 'quarantined', text: 'run 7: chip 1 does not answer' },
      { kind: 'warning', text: 'quarantined.yaml is old' },
    ]);
    expect(said([{ quarantined: 1, ...misleading }])).toEqual([
      'quarantined: 1 of 100 runs left out: run 7: chip 1 does not answer',
    ]);
    const waiting = (kind: WaitingKind, text: string) =>
      ({ state: 'paused', ...waits({ kind, text, since }) }) as const;
    expect(said([waiting('resume', 'to go on')])).toEqual([]);
    expect(said([waiting('answer', 'resume')])).toEqual(['asks: waits for resume']);
    expect(said([waiting('readings', 'resume')])).toEqual(['waits: waits for resume']);
  });
});
