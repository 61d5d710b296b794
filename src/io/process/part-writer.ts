import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { rowSize } from '../../domain/table/schema.js';
import { temporaryName } from '../files.js';
import { cannotWrite, failingAs } from '../storage-error.js';
import { partMagic, type PartHeader } from './part.js';

/** Writes a part's rows as they come, in the thread that calls. */
export class PartWriter {
  private readonly file: number;
  private readonly temporary: string;
  private closed = false;
  private bytes = 0;

  /** @param unique makes the temporary name differ from that of any other attempt */
  constructor(
    private readonly path: string,
    unique: string,
  ) {
    this.temporary = temporaryName(path, unique);
    this.file = this.storing(() => openSync(this.temporary, 'w'));
    try {
      this.write(partMagic);
    } catch (error) {
      this.discard(); // nobody else can: there is no writer
      throw error;
    }
  }

  /** Appends whole packed rows. */
  write(rows: Uint8Array): void {
    let written = 0;
    while (written < rows.length) written += this.storing(() => writeSync(this.file, rows, written));
    this.bytes += rows.length;
  }

  /** Ends the part and gives it its name. */
  commit(header: PartHeader): void {
    const expected = partMagic.length + header.rows * rowSize(header.schema);
    if (this.bytes !== expected) throw new Error(`${this.path}: ${this.bytes} bytes written, ${expected} expected`);
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(json.length);
    this.write(Buffer.concat([json, length, partMagic]));
    this.storing(() => {
      fsyncSync(this.file);
      this.close();
      renameSync(this.temporary, this.path);
    });
  }

  /** Leaves nothing behind; after a failure. */
  discard(): void {
    try {
      this.close();
    } catch {
      // a file that goes anyway
    }
    rmSync(this.temporary, { force: true });
  }

  /** Once: afterwards the number may be that of another file, also where closing failed. */
  private close(): void {
    if (this.closed) return;
    this.closed = true;
    closeSync(this.file);
  }

  private storing<T>(act: () => T): T {
    return failingAs((cause) => cannotWrite(this.path, cause), act);
  }
}
