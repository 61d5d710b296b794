import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PartFile, readPartHeader, type PartHeader } from '../../../src/io/process/part-reader.js';
import { PartWriter } from '../../../src/io/process/part-writer.js';

const header: PartHeader = {
  key: 'k',
  schema: { columns: [{ name: 'a', type: 'u16' }] },
  rows: 4,
  sha256: '00',
  rawBytes: 45,
  events: 1,
  chips: [0],
  truncatedBytes: 0,
  corruptHalves: 0,
  warnings: ['ä'],
};

describe('a part file', () => {
  let folder = '';
  let path = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'part-'));
    path = join(folder, 'run.part');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function write(): void {
    const writer = new PartWriter(path, 'x');
    writer.write(Uint8Array.of(1, 0, 2, 0));
    expect(readdirSync(folder)).toEqual(['run.part.x.tmp']);
    writer.write(Uint8Array.of(3, 0, 4, 1));
    writer.commit(header);
  }

  it('gives back header and ranges of rows', () => {
    write();
    expect(readdirSync(folder)).toEqual(['run.part']);
    expect(readPartHeader(path)).toEqual(header);
    const part = PartFile.open(path);
    const rows = new Uint8Array(6);
    part.read(1, 3, rows);
    expect([...rows]).toEqual([2, 0, 3, 0, 4, 1]);
    expect(() => part.read(2, 3, rows)).toThrow(/no rows 2 … 4 of 4/);
    part.close();
  });

  it('is there as a whole or not at all', () => {
    const writer = new PartWriter(path, 'x');
    writer.write(Uint8Array.of(1, 0));
    expect(() => writer.commit(header)).toThrow(/10 bytes written, 16 expected/);
    writer.discard();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('leaves files alone that were opened after it failed', () => {
    const writer = new PartWriter(path, 'x');
    writer.write(Uint8Array.of(1, 0, 2, 0, 3, 0, 4, 1));
    mkdirSync(path); // no file can take this name
    expect(() => writer.commit(header)).toThrow(/run\.part: cannot be written/);
    const later = openSync(join(folder, 'later'), 'w'); // has the number that the writer's file had
    writer.discard();
    expect(fstatSync(later).isFile()).toBe(true);
    closeSync(later);
    expect(readdirSync(folder).sort()).toEqual(['later', 'run.part']);
  });

  it('may have a header of any length', () => {
    const columns = Array.from({ length: 700 }, (_, i) => ({ name: `column_${i}`, type: 'u8' as const }));
    const wide = { ...header, schema: { columns }, rows: 1 };
    const writer = new PartWriter(path, 'x');
    writer.write(new Uint8Array(700));
    writer.commit(wide);
    expect(readPartHeader(path)).toEqual(wide);
  });

  it('is refused wherever it was cut', () => {
    write();
    const whole = readFileSync(path);
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(path, whole);
      truncateSync(path, length);
      expect(() => readPartHeader(path), `cut at ${length}`).toThrow(/is no whole part/);
    }
  });

  it('is refused where its header is not what was written', () => {
    write();
    const text = readFileSync(path).toString('latin1');
    writeFileSync(path, Buffer.from(text.replace('"rows":4', '"rows":9'), 'latin1'));
    expect(() => readPartHeader(path)).toThrow(/tells of 9 rows/);
    writeFileSync(path, Buffer.from(text.replace('"rows":4', '"rowz":4'), 'latin1'));
    expect(() => readPartHeader(path)).toThrow(/header cannot be read/);
  });

  it('that is missing, or cannot be written, is told by name', () => {
    expect(() => readPartHeader(path)).toThrow(/cannot read the part .*run\.part: ENOENT/);
    expect(() => new PartWriter(join(folder, 'no', 'run.part'), 'x')).toThrow(/run\.part: cannot be written: ENOENT/);
  });
});
