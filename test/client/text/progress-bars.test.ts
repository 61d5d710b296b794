import { describe, expect, it } from 'vitest';
import { formatBars, type Canvas } from '../../../src/client/text/progress-bars.js';
import { noted } from '../../../src/domain/scan/notes.js';
import type { ProcedureProgress, ScanProgress } from '../../../src/workflows/messages.js';

const counts = { acquired: 20, processed: 10, merged: false, reused: 1, failed: 0, quarantined: 0, shortRuns: 0 };

function daq(name: string, state: ProcedureProgress['state']): ProcedureProgress {
  return { name, type: 'daq', state, runs: 300, ...noted([]), ...counts };
}

function scan(procedures: readonly ProcedureProgress[], more: Partial<ScanProgress> = {}): ScanProgress {
  return { phase: 'acquiring', stand: 'lab', notes: [], procedures, ...more };
}

const terminal: Canvas = { columns: 80, rows: 24, colours: false };

describe('bars on a terminal of 80×24', () => {
  const many = Array.from({ length: 40 }, (_, i) =>
    daq(`a_procedure_with_a_long_name_${i}`, i < 10 ? 'done' : i === 10 ? 'acquiring' : 'waiting'),
  );

  it('collapse to what is active', () => {
    const lines = formatBars(scan(many), terminal).split('\n');
    expect(lines.length).toBeLessThan(24);
    expect(lines.at(-1)?.trim()).toBe('of 40 procedures: 1 active, 10 done, 29 waiting');
    expect(lines.some((line) => line.includes('a_procedure_with_a_long_name'))).toBe(true);
  });

  it('never break a line, nor are there more lines than the terminal has', () => {
    const text = 'daq server at a-host-with-a-long-name.lab.example:6000: closed the connection before it answered';
    const waiting = {
      kind: 'link',
      text,
      since: '2026-01-02T03:04:05Z',
      tries: 7,
      remedy: 'look '.repeat(40),
    } as const;
    const active = many.map((each) => ({ ...each, state: 'acquiring' as const, secondsLeft: 12_345 }));
    const lines = formatBars(scan(active, { waiting, waitingFor: text }), terminal).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
    expect(lines.length).toBeLessThan(24);
    expect(lines[1]).toMatch(/^not answering since \d\d:\d\d:\d\d, try 7: daq server/);
  });

  it('are coloured where the terminal has colours', () => {
    const failed = scan([daq('a', 'failed')]);
    expect(formatBars(failed, { ...terminal, colours: true })).toContain('\u001b[31mfailed');
    expect(formatBars(failed, terminal)).not.toContain('\u001b');
  });
});
