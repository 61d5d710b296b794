import { copyFileSync, existsSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Columns } from '../../src/domain/table/schema.js';
import { freezeProcedure } from '../../src/domain/config/reading/freeze.js';
import { TableFile } from '../../src/io/hdf5/read-table.js';
import { daqProcedure } from '../support/plans/daq-procedure.js';
import { runCli } from '../support/temporal/cli.js';
import { temporaryFolder } from '../support/disk/folders.js';
import { expectedTable, recordedFolder, recordedPath, recordedRuns } from '../support/raw/recorded-data.js';
import { generateRecords } from '../support/raw/raw-runs.js';
import { encodeRun } from '../../src/domain/hgcroc/encode.js';

/** A raw file of three chips; returns its path. */
function writeRun(path: string, events: number): string {
  writeFileSync(path, encodeRun(generateRecords({ events }), { layout: 'split', cutTail: true }));
  return path;
}

async function readTable(
  path: string,
): Promise<{ columns: Columns; runs: ReturnType<TableFile['runs']>; text: string }> {
  const table = await TableFile.open(path);
  try {
    const names = table.schema.columns.map(({ name }) => name);
    return { columns: await table.columns(names), runs: table.runs(), text: table.stored?.configuration ?? '' };
  } finally {
    table.close();
  }
}

/** Compares a stretch of rows with an expected table: integers exactly, floats to 1e-6 relative. */
function expectRows(columns: Columns, first: number, expected: ReadonlyMap<string, readonly number[]>): void {
  for (const [name, values] of expected) {
    const column = columns.data.get(name);
    values.forEach((value, row) => {
      const found = Number(column?.[first + row]);
      const tolerance = Number.isInteger(found) ? 1e-6 * Math.abs(value) : Math.max(1e-6 * Math.abs(value), 1e-9);
      if (!(Math.abs(found - value) <= tolerance)) expect.fail(`${name}, row ${row}: ${found} instead of ${value}`);
    });
  }
}

describe('unpack', () => {
  const noData = recordedFolder === undefined;

  test.skipIf(noData)(
    '48 recorded files: rows in the order given, equal to the expected summaries (needs recorded runs)',
    async () => {
      const output = join(temporaryFolder(), 'all.h5');
      const order = [...recordedRuns].reverse();
      const { code, stdout } = await runCli(['unpack', ...order.map(recordedPath), '--output', output]);
      expect(code).toBe(0);
      expect(stdout).toMatch(/all.h5: 11,232 rows of 48 files \(\d+ kB\)\n/);
      const { columns, runs } = await readTable(output);
      expect(columns.rows).toBe(48 * 234);
      expect(runs.map(({ firstRow, rows }) => [firstRow, rows])).toEqual(order.map((_, i) => [234 * i, 234]));
      for (const run of [1, 8, 112]) {
        expectRows(columns, 234 * order.indexOf(run), expectedTable(`test_run_${run}.summary.csv`));
      }
    },
  );

  test.skipIf(noData)(
    'event mode with the configuration as columns; the format as CalibrationSC says (needs recorded runs)',
    async () => {
      const output = join(temporaryFolder(), 'events.h5');
      const config = join(recordedFolder ?? '', 'test_run_112.yaml');
      const files = [recordedPath(1), recordedPath(112)];
      const { code, stdout } = await runCli([
        'unpack',
        ...files,
        '--output',
        output,
        '--mode',
        'full',
        '--config',
        config,
        '--json',
      ]);
      expect(code).toBe(0);
      const result: { files: { rows: number; truncatedBytes: number }[] } = JSON.parse(stdout);
      expect(result.files.map(({ truncatedBytes }) => truncatedBytes)).toEqual([352, 352]);
      const { columns, text } = await readTable(output);
      expectRows(columns, result.files[0].rows, expectedTable('test_run_112.events-head.csv'));
      expect(new Set<unknown>(columns.data.get('Calib'))).toEqual(new Set([1920]));
      expect(text).toContain('data_format: characterisation');
      expect(text).toContain('files: [test_run_1.raw, test_run_112.raw]');
    },
  );

  test('an existing table stays unless told otherwise', async () => {
    const folder = temporaryFolder();
    const raw = writeRun(join(folder, 'a.raw'), 20);
    const output = join(folder, 'a.h5');
    expect((await runCli(['unpack', raw, '--output', output])).code).toBe(0);
    const refused = await runCli(['unpack', raw, '--output', output]);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toBe(
      `datenraffinerie unpack: ${output} exists already\n    choose another name, or say --overwrite\n`,
    );
    expect((await runCli(['unpack', raw, '--output', output, '--overwrite'])).code).toBe(0);
    expect((await readTable(output)).columns.rows).toBe(234);
    expect(readdirSync(folder).sort()).toEqual(['a.h5', 'a.raw']);
  });

  test('--overwrite replaces tables alone: no raw file, no input, no device', async () => {
    const folder = temporaryFolder();
    const [first, second] = ['a.raw', 'b.raw'].map((name) => writeRun(join(folder, name), 3));
    const before = readFileSync(first);
    for (const [output, why] of [
      [first, 'one of the files that are read'],
      [join(folder, 'link.raw'), 'one of the files that are read'],
      [join(folder, 'c.raw'), 'is no table'],
      ['/dev/null', 'is no plain file'],
      [folder, 'is no plain file'],
    ]) {
      if (output.endsWith('link.raw')) symlinkSync(first, output);
      if (output.endsWith('c.raw')) copyFileSync(first, output);
      const { code, stderr } = await runCli(['unpack', first, second, '--output', output, '--overwrite']);
      expect(stderr).toContain(why);
      expect(code).toBe(2);
    }
    // a pattern takes the place of the output's name
    expect((await runCli(['unpack', '--overwrite', '--output', first, second])).stderr).toContain('is no table');
    expect(readFileSync(first).equals(before)).toBe(true);
  });

  test('--config takes the procedure.yaml of an output folder, and no file in which nothing is understood', async () => {
    const folder = temporaryFolder();
    const raw = writeRun(join(folder, 'a.raw'), 3);
    const config = join(folder, 'config.yaml');
    const unpack = (text: string) => {
      writeFileSync(config, text);
      return runCli(['unpack', raw, '--config', config, '--output', join(folder, `${text.length}.h5`)]);
    };
    const chip = '{ReferenceVoltage: {0: {Calib: 5}, 1: {Calib: 7}}}';
    for (const [text, why] of [
      [`roc_s0: {sc: ${chip}}`, "the chip 'roc_s0' stands beside target"],
      [`target: {roc_s0: {sc: ${chip}}}`, "'target.roc_s0.sc'"],
      ['some: {thing: 1}', "nothing reads 'some'"],
    ]) {
      const { code, stderr } = await unpack(text);
      expect(stderr).toContain(`${config}:1:`);
      expect(stderr).toContain(why);
      expect(code).toBe(2);
    }
    const procedure = daqProcedure({ defaults: `target: {roc_s0: ${chip}}`, axes: [] });
    expect((await unpack(freezeProcedure(procedure))).code).toBe(0);
  });

  test('missing files are all named before any work; a file that is none leaves no table', async () => {
    const folder = temporaryFolder();
    const output = join(folder, 'a.h5');
    const raw = writeRun(join(folder, 'a.raw'), 20);
    const missing = await runCli(['unpack', 'none.raw', raw, 'nor.raw', '--output', output]);
    expect(missing).toMatchObject({ code: 2, stdout: '' });
    expect(missing.stderr).toContain('none.raw: no such file');
    expect(missing.stderr).toContain('nor.raw: no such file');
    writeFileSync(join(folder, 'b.raw'), 'this is text');
    const wrong = await runCli(['unpack', raw, join(folder, 'b.raw'), '--output', output]);
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(/b\.raw: .*raw file/);
    expect(existsSync(output)).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['a.raw', 'b.raw']);
  });

  test('unknown columns and modes are wrong usage', async () => {
    const folder = temporaryFolder();
    const raw = writeRun(join(folder, 'a.raw'), 20);
    const output = join(folder, 'a.h5');
    const column = await runCli(['unpack', raw, '--output', output, '--columns', 'chip,adc_meen']);
    expect(column.code).toBe(2);
    expect(column.stderr).toContain(
      "--columns: unknown column 'adc_meen' in summary mode\n    did you mean 'adc_mean'?",
    );
    expect((await runCli(['unpack', raw, '--output', output, '--mode', 'some'])).code).toBe(2);
    expect((await runCli(['unpack', raw])).code).toBe(2);
  });
});
