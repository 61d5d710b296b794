import { timeText } from '../../domain/quantities.js';
import { isTrouble, waitingText } from '../../domain/scan/notes.js';
import type { NoticeEvent } from '../../domain/scan/notice.js';
import type { ProcedureProgress } from '../messages.js';

/** What people were told of a procedure already. */
export interface Noticed {
  readonly quarantined: number;
  /** Runs acquired when it was said that it waits; -1 while it was not. */
  readonly waitedAt: number;
}

export const nothingNoticed: Noticed = { quarantined: 0, waitedAt: -1 };

/**
 * What people should be told of a procedure's new progress. Never the same twice: the number of quarantined runs when it
 * has doubled, waiting for something outside again only when runs were acquired in between.
 */
export function findNotice(
  noticed: Noticed,
  progress: ProcedureProgress,
): { readonly event: NoticeEvent; readonly message: string; readonly noticed: Noticed } | undefined {
  const { quarantined, state, waiting, acquired } = progress;
  if (quarantined >= Math.max(1, 2 * noticed.quarantined)) {
    const reasons = progress.notes.flatMap(({ kind, text }) => (kind === 'quarantined' ? [text] : []));
    const message = [`${quarantined} of ${progress.runs} runs left out`, ...reasons.slice(-1)].join(': ');
    return { event: 'quarantined', message, noticed: { ...noticed, quarantined } };
  }
  const isWaiting = state === 'paused' || state === 'asking' || isTrouble(waiting);
  if (!isWaiting || waiting === undefined || waiting.kind === 'resume' || noticed.waitedAt >= acquired)
    return undefined;
  const event = waiting.kind === 'answer' ? 'asks' : 'waits';
  const message = waiting.kind === 'link' ? waitingText({ waiting }, timeText) : `waits for ${waiting.text}`;
  return { event, message, noticed: { ...noticed, waitedAt: acquired } };
}
