import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { DatenraffinerieError } from '../../domain/errors.js';
import { rowSize } from '../../domain/table/schema.js';
import { failingAs } from '../storage-error.js';
import { noPart, parsePartHeader, partMagic, partTrailerBytes, type PartHeader } from './part.js';

export type { PartHeader } from './part.js';

/** A part that is read by ranges of rows; close it when done. */
export class PartFile {
  private constructor(
    readonly path: string,
    readonly header: PartHeader,
    private readonly file: number,
    private readonly rowBytes: number,
  ) {}

  /** Opens a part; a DataError where it is none or not whole. */
  static open(path: string): PartFile {
    const file = reading(path, () => openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)); // a pipe would block
    try {
      if (!fstatSync(file).isFile()) throw noPart(path, 'it is no regular file');
      const header = readHeader(path, file);
      return new PartFile(path, header, file, rowSize(header.schema));
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Copies rows `first` … `first + count` − 1, packed, into the beginning of `into`. */
  read(first: number, count: number, into: Uint8Array): void {
    if (first < 0 || first + count > this.header.rows) {
      throw new RangeError(`${this.path} has no rows ${first} … ${first + count - 1} of ${this.header.rows}`);
    }
    readFully(this.path, this.file, into.subarray(0, count * this.rowBytes), partMagic.length + first * this.rowBytes);
  }

  close(): void {
    closeSync(this.file);
  }
}

/** Reads a part's header alone. */
export function readPartHeader(path: string): PartHeader {
  const part = PartFile.open(path);
  part.close();
  return part.header;
}

/** The end of a file that is read at once: it holds the headers of tables with some dozens of columns. */
const tail = Buffer.alloc(8192);

function readHeader(path: string, file: number): PartHeader {
  const size = fstatSync(file).size;
  if (size < partMagic.length + partTrailerBytes) throw noPart(path, `it has ${size} bytes`);
  const end = tail.subarray(0, Math.min(size, tail.length));
  readFully(path, file, end, size - end.length);
  const trailer = end.subarray(end.length - partTrailerBytes);
  const length = trailer.readUInt32LE(0);
  const start = size - partTrailerBytes - length;
  if (!trailer.subarray(4).equals(partMagic) || start < partMagic.length)
    throw noPart(path, 'its end is not that of a part');
  const header = parsePartHeader(path, headerText(path, file, end, start, length));
  if (start !== partMagic.length + header.rows * rowSize(header.schema)) {
    throw noPart(path, `its header tells of ${header.rows} rows, which is not what it has`);
  }
  return header;
}

/** The `length` bytes from `start` on, which `end`, the end of the file, may hold already. */
function headerText(path: string, file: number, end: Buffer, start: number, length: number): string {
  const within = end.length - partTrailerBytes - length;
  if (within >= 0) return end.toString('utf8', within, within + length);
  const json = Buffer.alloc(length);
  readFully(path, file, json, start);
  return json.toString();
}

function readFully(path: string, file: number, into: Uint8Array, position: number): void {
  let read = 0;
  while (read < into.length) {
    const got = reading(path, () => readSync(file, into, read, into.length - read, position + read));
    if (got === 0) throw noPart(path, 'it ends too early');
    read += got;
  }
}

function reading<T>(path: string, act: () => T): T {
  return failingAs((cause) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new DatenraffinerieError('DataError', `cannot read the part ${path}: ${why}`, { cause });
  }, act);
}
