import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mergeProcedure } from '../../../src/io/merge/merge-procedure.js';
import { previewTables } from '../../../src/io/merge/preview.js';
import { ProcessingPool } from '../../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../../src/io/threads/thread-pool.js';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import { MeasuredProcedure } from '../../support/disk/measured-procedure.js';

const version = vi.hoisted(() => ({ software: '' }));
vi.mock('../../../src/io/software.js', () => version);

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());
beforeEach(() => {
  version.software = 'datenraffinerie 2.0.0';
});

function merge({ task, loaded }: MeasuredProcedure, context = {}) {
  const signal = new AbortController().signal;
  const asked = { ...task, context: { ...task.context, ...context } };
  return mergeProcedure(asked, { loaded, signal, onRun: () => undefined });
}

/** Two runs and their table, made by 2.0.0. */
async function merged(): Promise<MeasuredProcedure> {
  const scan = await MeasuredProcedure.make(pool, 2);
  await scan.take(0);
  await scan.take(1);
  await merge(scan, { comment: 'first' });
  return scan;
}

function filesOf(scan: MeasuredProcedure): string[] {
  return [`${scan.folder}.h5`, join(scan.folder, 'provenance.json')].map((file) => readFileSync(file, 'base64'));
}

async function softwareIn(scan: MeasuredProcedure): Promise<unknown> {
  const table = await TableFile.open(`${scan.folder}.h5`);
  try {
    return table.stored?.software;
  } finally {
    table.close();
  }
}

describe('a table that another version has made', () => {
  it('holds while its parts, settings, stand and comment are the same', async () => {
    const scan = await merged();
    const before = filesOf(scan);
    version.software = 'datenraffinerie 2.1.0';
    await merge(scan, { comment: 'first' });
    expect(filesOf(scan)).toEqual(before);
    expect(await softwareIn(scan)).toBe('datenraffinerie 2.0.0');
  });

  it.each<[string, (scan: MeasuredProcedure) => Promise<unknown>, string]>([
    ['a part', (scan) => scan.measure(1, { seed: 9 }).then(() => scan.process(1, 2)), 'first'],
    ['the comment', async () => undefined, 'second'],
    ['the table itself', async (scan) => appendFileSync(`${scan.folder}.h5`, 'x'), 'first'],
    ['its record', async (scan) => writeFileSync(join(scan.folder, 'provenance.json'), '{"scan": '), 'first'],
  ])('is made again where %s changed', async (_, change, comment) => {
    const scan = await merged();
    await change(scan);
    version.software = 'datenraffinerie 2.1.0';
    await merge(scan, { comment });
    expect(await softwareIn(scan)).toBe('datenraffinerie 2.1.0');
  });
});

describe('plan', () => {
  const planned = {
    name: 'scan',
    procedure: 'scan',
    type: 'daq',
    dependsOn: [],
    calibrations: [],
    reason: '',
  } as const;
  const preview = ({ output, loaded }: MeasuredProcedure, verify = false, change = {}) =>
    previewTables(output, verify)(planned, { ...loaded.procedure, ...change }, loaded.plan, []);

  it('says of a table that holds nothing, whatever version made it', async () => {
    const scan = await merged();
    version.software = 'datenraffinerie 2.1.0';
    expect(await preview(scan)).toBeUndefined();
    expect(await preview(scan, true)).toBeUndefined();
  });

  it('says why a table would be merged again', async () => {
    const scan = await merged();
    expect(await preview(scan, false, { dataColumns: ['chip'] })).toBe('its settings changed');
    appendFileSync(`${scan.folder}.h5`, 'x');
    expect(await preview(scan)).toBeUndefined();
    expect(await preview(scan, true)).toBe('it was changed after it was merged');
    await scan.measure(1, { seed: 9 });
    expect(await preview(scan)).toBe('it would be made of other parts');
    rmSync(`${scan.folder}.h5`);
    expect(await preview(scan)).toBe('it is missing');
    rmSync(join(scan.folder, 'provenance.json'));
    expect(await preview(scan)).toBe('it was not merged yet');
  });
});
