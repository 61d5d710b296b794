/**
 * What is told of a procedure besides its numbers. Decisions are made on `kind`; `text` is for people. `reasons` and
 * `waitingFor` are the texts alone, for clients and workers that know no kinds; they are made here and nowhere else.
 */

/** What each means stands in docs/cli.md; `other` is what a worker of 2.0.0 says, which knows texts only. */
export type NoteKind =
  | 'again'
  | 'quarantined'
  | 'damaged'
  | 'space'
  | 'readings'
  | 'columns'
  | 'origin'
  | 'warning'
  | 'undeclared'
  | 'newer'
  | 'failure'
  | 'aborted'
  | 'other';

export interface Note {
  readonly kind: NoteKind;
  readonly text: string;
}

/** As notes are told. */
export interface Noted {
  readonly notes: readonly Note[];
  /** Their texts. */
  readonly reasons: readonly string[];
}

/** So many are told of one thing: its first ones. */
export const notesKept = 20;

export function keepNotes(notes: readonly Note[], ...more: readonly Note[]): Note[] {
  return [...notes, ...more].slice(0, notesKept);
}

export function noted(notes: readonly Note[]): Noted {
  return { notes, reasons: notes.map(({ text }) => text) };
}

export function undeclaredNote(name: string): Note {
  return { kind: 'undeclared', text: `undeclared output ${name}` };
}

export type WaitingKind =
  'worker' | 'lock' | 'stand' | 'resume' | 'answer' | 'space' | 'readings' | 'link' | 'retry' | 'other';

export interface Waiting {
  readonly kind: WaitingKind;
  readonly text: string;
  /** ISO 8601, UTC. */
  readonly since: string;
  /** How often it was tried. */
  readonly tries?: number;
  /** What people can do about it. */
  readonly remedy?: string;
}

/** As it is told what something waits for; empty where it waits for nothing. */
export interface Waits {
  readonly waiting?: Waiting;
  /** Its text. */
  readonly waitingFor?: string;
}

/** A stand that does not answer, or whose runs fail. */
export function isTrouble(waiting: Waiting | undefined): boolean {
  return waiting?.kind === 'link' || waiting?.kind === 'retry';
}

/**
 * What is waited for, as every screen says it; empty where nothing is.
 * @param clock the time of day of a moment in ISO 8601: the reader's, or UTC
 */
export function waitingText({ waiting, waitingFor }: Waits, clock: (iso: string) => string): string {
  if (waiting === undefined) return waitingFor === undefined ? '' : `waiting for ${waitingFor}`;
  const { kind, text, since, tries = 1 } = waiting;
  const again = tries > 1 ? `, try ${tries}` : '';
  return kind === 'link'
    ? `not answering since ${clock(since)}${again}: ${text}`
    : `waiting for ${text}, since ${clock(since)}`;
}

/** What ends it, where people can do something; a missing worker's command stands in the text already. */
export function waitingRemedy({ waiting }: Waits): string {
  return waiting?.remedy === undefined || waiting.kind === 'worker' ? '' : waiting.remedy;
}

export function waits(waiting: Waiting | undefined): Waits {
  return waiting === undefined ? {} : { waiting, waitingFor: waiting.text };
}
