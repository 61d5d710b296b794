import { DatenraffinerieError } from '../errors.js';
import { findFirstRecord } from '../hgcroc/archive-header.js';
import { EventSequence } from './event-sequence.js';

/** Text messages of the data stream around a run's data; for other menus the first ends otherwise. */
export const runStart = 'START_RUN';
export const hgcrocRunStart = 'START_RUN_HGCROC';
export const runEnd = 'END_OF_RUN';

/** What a message of the stream is. */
export function messageKind(message: Uint8Array): 'start' | 'end' | 'data' {
  if (beginsWith(message, runStart)) return 'start';
  return beginsWith(message, runEnd) ? 'end' : 'data';
}

function beginsWith(message: Uint8Array, text: string): boolean {
  if (message.length < text.length) return false;
  for (let i = 0; i < text.length; i++) if (message[i] !== text.charCodeAt(i)) return false;
  return true;
}

/**
 * Puts the messages of one run together to a raw file: the archive header of the first data message, then all records.
 * Rejects with a LinkError whatever is no whole run in its order: what was lost on the way, or belongs to another run.
 */
export class RunStream {
  private state: 'before' | 'within' | 'after' = 'before';
  private headerWritten = false;
  private readonly sequence = new EventSequence();
  /** Messages of a former run that came before this one's start, and were left out. */
  leftOver = 0;

  get started(): boolean {
    return this.state !== 'before';
  }

  get ended(): boolean {
    return this.state === 'after';
  }

  /** Events with at least one whole record so far. */
  get events(): number {
    return this.sequence.events;
  }

  /** Takes the next message and gives the bytes of the file that it adds, if any. */
  accept(message: Uint8Array): Uint8Array | undefined {
    const kind = messageKind(message);
    if (this.state === 'before') {
      if (kind === 'start') this.state = 'within';
      else this.leftOver += 1;
      return undefined;
    }
    if (kind === 'start') throw foreignRun('a second START_RUN came before END_OF_RUN');
    if (kind === 'end') {
      this.state = 'after';
      return undefined;
    }
    return this.data(message);
  }

  private data(message: Uint8Array): Uint8Array {
    const first = findFirstRecord(message);
    this.sequence.check(message.subarray(first));
    if (this.headerWritten) return message.subarray(first);
    this.headerWritten = true;
    return message;
  }
}

function foreignRun(what: string): DatenraffinerieError {
  return new DatenraffinerieError('LinkError', `the data stream holds more than this run: ${what}`, {
    remedy: 'the run is taken again; if it happens often, another program starts runs on this stand',
  });
}
