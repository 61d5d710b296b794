import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TableFileWriter } from '../../../src/io/hdf5/table-file-writer.js';
import { root, temporaryFolder } from '../../support/disk/folders.js';
import { metadata, packedRows, run, schema, writeSample } from './sample.js';

test('the same rows give the same bytes, however they come', async () => {
  const folder = temporaryFolder();
  const written = await writeSample(join(folder, 'a.h5'), 40_000, 1000);
  expect(await writeSample(join(folder, 'b.h5'), 40_000, 13_999)).toEqual(written);
  const bytes = readFileSync(join(folder, 'a.h5'));
  expect(readFileSync(join(folder, 'b.h5')).equals(bytes)).toBe(true);
  expect(written).toEqual({
    rows: 40_000,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
  });
});

test('discarding leaves nothing, and what was there before stays until the new file is whole', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'table.h5');
  writeFileSync(path, 'an older file');
  const discarded = await TableFileWriter.create(path, schema, metadata);
  await discarded.beginRun(run(0));
  await discarded.append(packedRows(0, 30_000));
  await discarded.discard();
  expect(readdirSync(folder)).toEqual(['table.h5']);
  expect(readFileSync(path, 'utf8')).toBe('an older file');
  await writeSample(path, 10);
  expect(readdirSync(folder)).toEqual(['table.h5']);
  expect(readFileSync(path).subarray(1, 4).toString()).toBe('HDF');
});

test('killed while it writes: nothing under the final name; the next attempt removes what is left', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'table.h5');
  const script = `
    import { TableFileWriter } from ${JSON.stringify(join(root, 'dist/io/hdf5/table-file-writer.js'))};
    const writer = await TableFileWriter.create(process.argv[1], { columns: [{ name: 'adc', type: 'u32' }] },
      { procedure: 'p', configuration: '', software: '', axes: [] });
    const rows = crypto.getRandomValues(new Uint8Array(65536));
    for (let count = 0; ; count++) {
      await writer.append(rows);
      if (count === 100) console.log('writing');
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  const left = readdirSync(folder);
  expect(left).toHaveLength(1);
  expect(left[0]).toMatch(/^\.table\.h5\..*\.tmp$/);
  await writeSample(path, 10);
  expect(readdirSync(folder)).toEqual(['table.h5']);
});

test('a folder that is not there is told by name', async () => {
  const path = join(temporaryFolder(), 'missing', 'table.h5');
  await expect(TableFileWriter.create(path, schema, metadata)).rejects.toMatchObject({
    type: 'StorageError',
    message: expect.stringContaining(path),
  });
});

test('too many columns for an HDF5 header are refused with the remedy', async () => {
  const columns = Array.from({ length: 2000 }, (_, i) => ({ name: `column_${i}`, type: 'u32' as const }));
  const writer = await TableFileWriter.create(join(temporaryFolder(), 'wide.h5'), { columns }, metadata);
  await expect(writer.finish()).rejects.toMatchObject({ type: 'ConfigError' });
  await writer.discard();
});

test('bytes that are no whole rows are refused', async () => {
  const writer = await TableFileWriter.create(join(temporaryFolder(), 'table.h5'), schema, metadata);
  await expect(writer.append(new Uint8Array(40))).rejects.toThrow('no whole rows');
  await writer.discard();
});
