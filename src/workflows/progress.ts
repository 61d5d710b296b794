import { markdownText } from '../domain/foreign-text.js';
import { durationText, timeText } from '../domain/quantities.js';
import { waits, waitingRemedy, waitingText, noted } from '../domain/scan/notes.js';
import { notesOf, waitingOf, type Told } from '../domain/scan/old-texts.js';
import type { OpenedProcedure } from '../domain/scan/tasks.js';
import type { ProcedureProgress, ScanProgress } from './messages.js';

/** Counts of a procedure that has done nothing yet. */
export const noCounts = {
  acquired: 0,
  processed: 0,
  merged: false,
  reused: 0,
  failed: 0,
  quarantined: 0,
  shortRuns: 0,
} as const;

/** Progress of a procedure that has done nothing yet. */
export function noProgress(procedure: OpenedProcedure): ProcedureProgress {
  const { name, type } = procedure;
  return { name, type, state: 'waiting', runs: type === 'daq' ? procedure.runs : 0, ...noCounts, ...noted([]) };
}

/** What a child tells: one of 2.0.0 no notes, no number. */
export type ToldProgress = Omit<ProcedureProgress, 'notes'> &
  Told & {
    /** Grows with each time it is told: an older one that comes later is dropped. */
    readonly number?: number;
    /** The stand is free for the next procedure. */
    readonly standFree?: boolean;
  };

export function takeProgress({ number: _, standFree: __, ...told }: ToldProgress): ProcedureProgress {
  return { ...told, ...noted(notesOf(told)), ...waits(waitingOf(told, new Date().toISOString())) };
}

/** The live text of the Web UI: Markdown, one line a procedure. */
export function describeProgress(progress: ScanProgress): string {
  const waiting = waitingText(progress, timeText);
  const head = [
    `**${progress.phase}** on stand \`${progress.stand}\``,
    waiting === '' ? '' : `, ${markdownText(waiting)}`,
    progress.secondsLeft === undefined ? '' : `, about ${durationText(progress.secondsLeft)} left`,
  ].join('');
  const rows = progress.procedures.map(
    (p) =>
      `| ${markdownText(p.name)} | ${p.state} | ${p.type === 'daq' ? `${p.acquired} of ${p.runs}` : ''} | ${notes(p)} |`,
  );
  const remedy = waitingRemedy(progress);
  const todo = remedy === '' ? [] : ['', markdownText(remedy)];
  return [head, ...todo, '', '| procedure | state | runs | notes |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function notes(p: ProcedureProgress): string {
  const counts = [
    [p.reused, 'reused'],
    [p.shortRuns, 'short'],
    [p.failed, 'failed attempts'],
    [p.quarantined, 'quarantined'],
  ] as const;
  const texts = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [...texts, ...p.reasons.slice(0, 3).map(markdownText)].join('; ');
}
