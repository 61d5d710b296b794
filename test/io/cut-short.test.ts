import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Manifest } from '../../src/io/output/manifest.js';
import { temporaryName } from '../../src/io/files.js';
import { PartWriter } from '../../src/io/process/part-writer.js';
import { ProcessingPool } from '../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../src/io/threads/thread-pool.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { MeasuredProcedure } from '../support/disk/measured-procedure.js';
import { openFiles } from '../support/tools/open-files.js';

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());

describe('a file is closed whose opening is cut short', () => {
  it('a manifest that cannot be read', async () => {
    const path = join(temporaryFolder(), 'manifest.jsonl');
    mkdirSync(path);
    await expect(Manifest.open(join(path, '..'))).rejects.toThrow('EISDIR');
    expect(openFiles()).not.toContain(path);
  });

  it('the manifest of runs to process whose columns are not known', async () => {
    const scan = await MeasuredProcedure.make(pool, 1);
    await scan.measure(0);
    writeFileSync(join(scan.folder, 'readings.json'), '{');
    await expect(scan.process(0, 1)).rejects.toThrow('readings.json is not what was written there');
    expect(openFiles()).not.toContain(join(scan.folder, 'manifest.jsonl'));
  });

  it('a part on a full disk', () => {
    const path = join(temporaryFolder(), 'run_00000.part');
    const temporary = temporaryName(path, 'unique');
    symlinkSync('/dev/full', temporary);
    expect(() => new PartWriter(path, 'unique')).toThrow('run_00000.part: cannot be written: the disk is full');
    expect(openFiles()).not.toContain('/dev/full');
    expect(existsSync(temporary)).toBe(false);
  });
});
