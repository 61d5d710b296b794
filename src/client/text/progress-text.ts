import { durationText } from '../../domain/quantities.js';
import { waitingRemedy, waitingText } from '../../domain/scan/notes.js';
import type { ProcedureProgress, ScanProgress } from '../../workflows/messages.js';

/** What a run of bars ends with: `12 reused, 1 quarantined`. */
export function formatCounts(progress: ProcedureProgress): string {
  const counts = [
    [progress.reused, 'reused'],
    [progress.shortRuns, 'short'],
    [progress.failed, 'failed tries'],
    [progress.quarantined, 'quarantined'],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

/** `21:04:59`, of the reader's clock. */
export function clockText(iso: string): string {
  return new Date(iso).toTimeString().slice(0, 8);
}

/** One line for a place where no bars can be drawn. */
export function formatLine(progress: ScanProgress): string {
  const parts = progress.procedures
    .filter(({ state }) => state !== 'waiting')
    .map(
      (p) => `${p.name} ${p.state}${p.type === 'daq' ? ` ${p.acquired}/${p.runs}` : ''}${withComma(formatCounts(p))}`,
    );
  const waiting = waitingText(progress, clockText);
  const left = progress.secondsLeft === undefined ? '' : `${durationText(progress.secondsLeft)} left`;
  return [progress.phase, ...parts, waiting, waitingRemedy(progress), left].filter((part) => part !== '').join(' | ');
}

function withComma(text: string): string {
  return text === '' ? '' : ` (${text})`;
}
