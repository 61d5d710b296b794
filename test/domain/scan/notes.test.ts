import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepNotes, noted, notesKept, type Note, type NoteKind } from '../../../src/domain/scan/notes.js';
import { notesOf, waitingOf } from '../../../src/domain/scan/old-texts.js';

const kinds: readonly NoteKind[] = ['again', 'quarantined', 'damaged', 'space', 'undeclared', 'failure'];
const note = fc.record({ kind: fc.constantFrom(...kinds), text: fc.string() });

describe('notes', () => {
  test('give the reasons as they were collected before there were kinds: the first twenty, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.array(note, { maxLength: 9 })), (parts) => {
        let texts: readonly string[] = [];
        let notes: readonly Note[] = [];
        for (const part of parts) {
          texts = [...texts, ...part.map(({ text }) => text)].slice(0, 20);
          notes = keepNotes(notes, ...part);
        }
        expect(noted(notes)).toEqual({ notes, reasons: texts });
      }),
    );
    expect(notesKept).toBe(20);
  });

  test('come back from what is told, by whoever knows kinds or texts only', () => {
    fc.assert(
      fc.property(fc.array(note), fc.array(fc.string()), (notes, added) => {
        expect(notesOf(noted(notes))).toEqual(notes);
        const { reasons } = noted(notes);
        const passedOn = notesOf({ notes, reasons: [...reasons, ...added] }); // by one that knows texts only
        expect(passedOn.slice(0, notes.length)).toEqual(notes);
        expect(passedOn.map(({ text }) => text)).toEqual([...reasons, ...added]);
        expect(notesOf({ reasons }).map(({ text }) => text)).toEqual(reasons);
      }),
    );
  });

  test('of runs left out are known from their texts', () => {
    const reasons = ['raw/run_00001.raw is missing', 'run 7 is quarantined: chip 1 does not answer'];
    expect(notesOf({ reasons }).map(({ kind }) => kind)).toEqual(['other', 'quarantined']);
  });
});

describe('what is waited for', () => {
  const now = '2026-11-24T06:15:00.000Z';

  test.each([
    ['daq', 'paused', 'resume', 'resume'],
    ['daq', 'paused', 'disk space: 9 MB are still to come', 'other'],
    ['daq', 'queued', 'its stand: stand s is in use by process 7', 'lock'],
    ['daq', 'queued', 'stand s, used by s-2 (b)', 'stand'],
    ['analysis', 'paused', 'an answer to cal: spread 20 %', 'answer'],
  ] as const)('is known from the text of an older worker: %s %s %s', (type, state, waitingFor, kind) => {
    expect(waitingOf({ type, state, waitingFor }, now)).toEqual({ kind, text: waitingFor, since: now });
  });

  test('is what is said, unless the text is about something else by now', () => {
    const waiting = { kind: 'space', text: 'disk space', since: '2026-11-24T06:00:00.000Z' } as const;
    const told = { type: 'daq', state: 'paused', waiting } as const;
    expect(waitingOf({ ...told, waitingFor: 'disk space' }, now)).toBe(waiting);
    expect(waitingOf({ ...told, waitingFor: 'resume' }, now)).toEqual({ kind: 'resume', text: 'resume', since: now });
    expect(waitingOf(told, now)).toBeUndefined();
  });
});
