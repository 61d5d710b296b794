import type { Waits, Note, Noted, Waiting, WaitingKind } from './notes.js';

/**
 * What was told by workers of whatever version: 2.0.0 said texts only, and hands `notes` that it does not know on as
 * they were. So the texts are what counts, and kinds are believed where they belong to them. The only place where a
 * text decides anything.
 */

export type Told = Pick<Noted, 'reasons'> & Partial<Noted>;

export function notesOf({ notes = [], reasons }: Told): Note[] {
  return reasons.map((text, i) => {
    if (notes[i]?.text === text) return notes[i];
    return { kind: text.includes('quarantined') ? 'quarantined' : 'other', text };
  });
}

interface ToldWaiting extends Waits {
  readonly type: 'daq' | 'analysis';
  readonly state: string;
}

/** @param now since when it waits, where that was not said */
export function waitingOf(told: ToldWaiting, now: string): Waiting | undefined {
  const { waiting, waitingFor: text } = told;
  if (text === undefined) return undefined;
  if (waiting?.text === text) return waiting;
  return { kind: kindOf(told, text), text, since: now };
}

function kindOf({ type, state }: ToldWaiting, text: string): WaitingKind {
  if (text === 'resume') return 'resume';
  if (type === 'analysis') return 'answer';
  if (text.startsWith('its stand: ')) return 'lock';
  return state === 'queued' ? 'stand' : 'other';
}
