import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { DatenraffinerieError } from '../domain/errors.js';
import { rowSize, type TableSchema } from '../domain/table/schema.js';

/**
 * What stands between `process` and `merge`: the packed rows of one run. The file is a magic number of 8 bytes, the
 * rows, the header as JSON in UTF-8, the header's length as u32 (little-endian) and the magic number again. It is
 * written under another name and renamed when it is safely on disk, so that a part is there as a whole or not at all.
 */
const magic = Buffer.from('DRFPART1');
const trailerBytes = 4 + magic.length;

/** What a part says of itself. */
export interface PartHeader {
  /** Another key means that the part must be made again. */
  readonly key: string;
  readonly schema: TableSchema;
  readonly rows: number;
  /** Of the raw file. */
  readonly sha256: string;
  readonly rawBytes: number;
  readonly events: number;
  readonly chips: readonly number[];
  readonly truncatedBytes: number;
  readonly corruptHalves: number;
  readonly warnings: readonly string[];
}

/** Name that a part has while it is written; `unique` tells attempts apart. */
export function temporaryPart(path: string, unique: string): string {
  return `${path}.${unique}.tmp`;
}

/** Writes a part's rows as they come, in the thread that calls. */
export class PartWriter {
  private readonly file: number;
  private readonly temporary: string;
  private bytes = 0;

  /** @param unique makes the temporary name differ from that of any other attempt */
  constructor(
    private readonly path: string,
    unique: string,
  ) {
    this.temporary = temporaryPart(path, unique);
    this.file = this.storing(() => openSync(this.temporary, 'w'));
    this.write(magic);
  }

  /** Appends whole packed rows. */
  write(rows: Uint8Array): void {
    let written = 0;
    while (written < rows.length) written += this.storing(() => writeSync(this.file, rows, written));
    this.bytes += rows.length;
  }

  /** Ends the part and gives it its name. */
  commit(header: PartHeader): void {
    const expected = magic.length + header.rows * rowSize(header.schema);
    if (this.bytes !== expected) throw new Error(`${this.path}: ${this.bytes} bytes written, ${expected} expected`);
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    this.write(Buffer.concat([json, length, magic]));
    this.storing(() => {
      fsyncSync(this.file);
      closeSync(this.file);
      renameSync(this.temporary, this.path);
    });
  }

  /** Leaves nothing behind; after a failure. */
  discard(): void {
    try {
      closeSync(this.file);
    } catch {
      // closed already
    }
    rmSync(this.temporary, { force: true });
  }

  private storing<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new DatenraffinerieError('StorageError', `cannot write the part ${this.path}: ${text(error)}`, {
        remedy: 'check that the disk has room and the folder is writable',
        cause: error,
      });
    }
  }
}

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
    const file = reading(path, () => openSync(path, 'r'));
    try {
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
    readFully(this.path, this.file, into.subarray(0, count * this.rowBytes), magic.length + first * this.rowBytes);
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

function readHeader(path: string, file: number): PartHeader {
  const size = fstatSync(file).size;
  if (size < magic.length + trailerBytes) throw noPart(path, `it has ${size} bytes`);
  const trailer = Buffer.alloc(trailerBytes);
  readFully(path, file, trailer, size - trailerBytes);
  const length = trailer.readUInt32LE(0);
  const start = size - trailerBytes - length;
  if (!trailer.subarray(4).equals(magic) || start < magic.length) throw noPart(path, 'its end is not that of a part');
  const json = Buffer.alloc(length);
  readFully(path, file, json, start);
  const header = parseHeader(path, json.toString());
  if (start !== magic.length + header.rows * rowSize(header.schema)) {
    throw noPart(path, `its header tells of ${header.rows} rows, which is not what it has`);
  }
  return header;
}

function parseHeader(path: string, json: string): PartHeader {
  try {
    const header: unknown = JSON.parse(json);
    if (isPartHeader(header)) return header;
  } catch {
    // told below
  }
  throw noPart(path, 'its header cannot be read');
}

function isPartHeader(value: unknown): value is PartHeader {
  if (typeof value !== 'object' || value === null) return false;
  const header: Partial<Record<keyof PartHeader, unknown>> = value;
  const numbers = [header.rows, header.rawBytes, header.events, header.truncatedBytes, header.corruptHalves];
  return (
    numbers.every((number) => Number.isSafeInteger(number)) &&
    typeof header.key === 'string' &&
    typeof header.sha256 === 'string' &&
    Array.isArray(header.chips) &&
    Array.isArray(header.warnings) &&
    isSchema(header.schema)
  );
}

function isSchema(value: unknown): value is TableSchema {
  return typeof value === 'object' && value !== null && 'columns' in value && Array.isArray(value.columns);
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
  try {
    return act();
  } catch (error) {
    throw new DatenraffinerieError('DataError', `cannot read the part ${path}: ${text(error)}`, { cause: error });
  }
}

function noPart(path: string, why: string): DatenraffinerieError {
  return new DatenraffinerieError('DataError', `${path} is no whole part (${why})`, {
    remedy: 'delete it; it is made again from the raw file',
  });
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
