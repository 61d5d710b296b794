import { keepNotes, noted } from '../../domain/scan/notes.js';
import type { ProcedureState } from '../messages.js';
import { show } from './show.js';
import type { Yard, YardEntry } from './yard.js';

/** The end of a procedure in its scan. @param failure why nothing that depends on it can run */
export function endEntry(yard: Yard, entry: YardEntry, state: ProcedureState, failure?: string): void {
  const { waiting: _, waitingFor: __, secondsLeft: ___, ...progress } = entry.progress;
  const why = { kind: state === 'failed' ? 'failure' : 'aborted', text: failure ?? '' } as const;
  const notes = failure === undefined ? progress.notes : keepNotes([why], ...progress.notes);
  entry.progress = { ...progress, state, ...noted(notes) };
  entry.acquired = true;
  entry.ended = true;
  if (failure !== undefined) entry.failure = failure;
  show(yard);
}
