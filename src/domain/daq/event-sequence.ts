import { DatenraffinerieError } from '../errors.js';
import { indexRecords, layoutOf, plainRecordBytes, RecordIndex } from '../hgcroc/record-index.js';
import type { RecordLayout } from '../hgcroc/layout.js';

/** Checks that a run's records come without a gap: events count from 0, all records of an event together. */
export class EventSequence {
  private layout: RecordLayout | undefined;
  private last = -1;
  private readonly index = new RecordIndex(256);
  private words = new Int32Array(1 << 14);
  /** Bytes after the last whole record: only the run's last message may have any. */
  private rest = 0;

  get events(): number {
    return this.last + 1;
  }

  /** Takes the records of one data message. Throws a LinkError where something is missing before or in them. */
  check(records: Uint8Array): void {
    if (this.rest > 0) throw lost(`a data message after event ${this.last} ended within a record`);
    const words = this.aligned(records);
    this.layout ??= layoutOf(words);
    let at = 0;
    while (this.layout !== undefined) {
      const rest = words.subarray(at);
      const { usedWords } = indexRecords(rest, rest.length, this.layout, this.index);
      for (let i = 0; i < this.index.count; i++) this.next(rest[this.index.start[i]]);
      at += usedWords;
      if (this.index.count < this.index.capacity) break;
    }
    this.rest = records.length - 4 * at;
    if (this.layout !== undefined && this.rest >= 2 * plainRecordBytes(this.layout)) {
      throw lost(`the records after event ${this.last} are damaged`);
    }
  }

  private next(event: number): void {
    if (event !== this.last && event !== this.last + 1) {
      throw lost(`event ${event} follows event ${this.last < 0 ? 'of no number (none came before)' : this.last}`);
    }
    this.last = event;
  }

  /** The records begin at any byte of the message; their words need an aligned copy. */
  private aligned(records: Uint8Array): Int32Array {
    const length = records.length >>> 2;
    if (this.words.length < length) this.words = new Int32Array(length);
    new Uint8Array(this.words.buffer).set(records.subarray(0, 4 * length));
    return this.words.subarray(0, length);
  }
}

function lost(what: string): DatenraffinerieError {
  return new DatenraffinerieError('LinkError', `part of the run's data was lost on the way: ${what}`, {
    remedy: 'the run is taken again; see that no other program pulls the data stream of this stand',
  });
}
