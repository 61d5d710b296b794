import { describe, expect, test } from 'vitest';
import { hgcrocRunStart, messageKind, runEnd, runStart, RunStream } from '../../../src/domain/daq/run-stream.js';
import { encodeArchiveHeader, encodeRun } from '../../../src/domain/hgcroc/encode.js';
import type { RecordLayout } from '../../../src/domain/hgcroc/layout.js';
import { recordsOf } from '../../support/raw/chip-sample.js';

const text = (words: string): Uint8Array => Buffer.from(words);
const records = recordsOf({ events: 12 });

/** A data message: an archive of its own with some events. */
function message(first: number, next: number, layout: RecordLayout = 'split', cutTail = false): Uint8Array {
  return encodeRun(records.slice(first, next), { layout, cutTail });
}

/** Hands the messages to a new stream and puts the file's bytes together. */
function read(...messages: Uint8Array[]): { stream: RunStream; bytes: Buffer } {
  const stream = new RunStream();
  const bytes = Buffer.concat(messages.flatMap((one) => stream.accept(one) ?? []));
  return { stream, bytes };
}

describe('the messages of a run', () => {
  test('are told apart by how they begin', () => {
    expect(messageKind(text(runStart))).toBe('start');
    expect(messageKind(text(hgcrocRunStart))).toBe('start');
    expect(messageKind(text(runEnd))).toBe('end');
    expect(messageKind(message(0, 1))).toBe('data');
    expect(messageKind(text('END_OF'))).toBe('data');
  });

  test.each<RecordLayout>(['split', 'joined'])('become one file with one header (%s)', (layout) => {
    const data = [message(0, 5, layout), message(5, 6, layout), message(6, 12, layout)];
    const { stream, bytes } = read(text(hgcrocRunStart), ...data, text(runEnd));
    expect(bytes.equals(message(0, 12, layout))).toBe(true);
    expect(bytes.length).toBeLessThan(Buffer.concat(data).length);
    expect(stream).toMatchObject({ started: true, ended: true, events: 12, leftOver: 0 });
  });

  test('of a former run, before the start, are left out and counted', () => {
    const { stream, bytes } = read(message(3, 5), text(runEnd), text(runStart), message(0, 2));
    expect(bytes.equals(message(0, 2))).toBe(true);
    expect(stream).toMatchObject({ leftOver: 2, events: 2, ended: false });
  });

  test('may end within the last record', () => {
    const { stream, bytes } = read(text(runStart), message(0, 5), message(5, 12, 'split', true), text(runEnd));
    expect(bytes.length).toBe(message(0, 12).length - 40);
    expect(stream).toMatchObject({ ended: true, events: 11 });
  });

  test('may have a header and no events', () => {
    const { stream } = read(text(runStart), encodeArchiveHeader(), message(0, 2), text(runEnd));
    expect(stream.events).toBe(2);
  });

  describe('refused as a LinkError is', () => {
    test.each<[string, Uint8Array[], RegExp]>([
      ['a second start', [message(0, 2), text(runStart)], /second START_RUN/],
      ['a message that is missing', [message(0, 2), message(3, 5)], /event 3 follows event 1$/],
      ['a first message that is missing', [message(1, 2)], /event 1 follows event of no number/],
      ['a message that comes twice', [message(0, 3), message(0, 3)], /event 0 follows event 2/],
      [
        'a message that ends within a record, in the middle',
        [message(0, 3, 'split', true), message(3, 5)],
        /ended within/,
      ],
      ['damage', [Buffer.concat([message(0, 2), Buffer.alloc(1000, 0xff)])], /damaged/],
    ])('%s', (_, messages, reason) => {
      const lost = (): unknown => read(text(runStart), ...messages);
      expect(lost).toThrow(reason);
      expect(lost).toThrow(expect.objectContaining({ type: 'LinkError' }));
    });
  });
});
