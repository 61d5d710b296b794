import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DataFormat, Mode } from '../../../src/domain/config/procedure.js';
import { isMap, type ConfigMap } from '../../../src/domain/config/value.js';
import { encodeArchiveHeader, encodeRun } from '../../../src/domain/hgcroc/encode.js';
import { buildTableLayout } from '../../../src/domain/table/build-layout.js';
import { readSource } from '../../../src/io/configuration/config-reader.js';
import { PartFile, readPartHeader } from '../../../src/io/process/part-reader.js';
import { partKey, type PartKeyInput } from '../../../src/io/process/part.js';
import { RunProcessor } from '../../../src/io/process/run-processor.js';
import { state } from '../../support/plans/configurations.js';
import { unpackRows } from '../../support/tables/packed-rows.js';
import { generateRecords } from '../../support/raw/raw-runs.js';
import { expectedTable, recordedFolder, recordedPath } from '../../support/raw/recorded-data.js';
import { slowEventRows, slowRecords } from '../../support/raw/slow-decoder.js';

const chip = { ReferenceVoltage: { 0: { Calib: 1 }, 1: { Calib: 2 } } };
const twoChips = state({ target: { roc_s0: chip, roc_s1: chip } });

describe('processing of a run', () => {
  let folder = '';
  let rawFile = '';
  let partFile = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'process-'));
    rawFile = join(folder, 'run_00000.raw');
    partFile = join(folder, 'run_00000.part');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function process(mode: Mode, config: ConfigMap = twoChips, format: DataFormat = 'raw', expectedSha256?: string) {
    const { layout } = buildTableLayout({ mode, dataColumns: [], startState: config, axes: [] });
    const processor = new RunProcessor(layout, format);
    const run = { rawFile, partFile, state: config, runKey: 'run', axisValues: new Map() };
    return processor.process(expectedSha256 === undefined ? run : { ...run, expectedSha256 }, 'test');
  }

  function rowsOfPart() {
    const part = PartFile.open(partFile);
    const { schema, rows } = part.header;
    const bytes = new Uint8Array(readFileSync(partFile).length);
    part.read(0, rows, bytes);
    part.close();
    return unpackRows(schema, bytes).slice(0, rows);
  }

  it('writes event rows of several batches and says what the file was', () => {
    const bytes = encodeRun(generateRecords({ events: 100, chips: 2, format: 'raw' }), {
      layout: 'split',
      cutTail: true,
    });
    writeFileSync(rawFile, bytes);
    const header = process('full');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    expect(header).toMatchObject({ rows: 199 * 78, events: 100, chips: [0, 1], truncatedBytes: 352, sha256 });
    expect(header).toMatchObject({ rawBytes: bytes.length, corruptHalves: 0, warnings: [] });
    expect(readPartHeader(partFile)).toEqual(header);
    const rows = rowsOfPart();
    const expected = slowEventRows(slowRecords(bytes), 'raw');
    expected.forEach((row, i) => expect(rows[i]).toMatchObject({ ...row, Calib: row['half'] === 0 ? 1 : 2 }));
    expect(readdirSync(folder)).toEqual(['run_00000.part', 'run_00000.raw']);
  });

  it('makes an empty part of a run without events, and warns of its chips', () => {
    writeFileSync(rawFile, encodeArchiveHeader());
    const warnings = ['no records of configured chips: 0, 1'];
    for (const mode of ['full', 'summary'] as const) {
      expect(process(mode)).toMatchObject({ rows: 0, events: 0, truncatedBytes: 0, warnings });
    }
  });

  it('warns of chips that only the file or only the configuration has', () => {
    const records = generateRecords({ events: 3, chips: 1 }).map((record) => ({ ...record, chip: 3 }));
    writeFileSync(rawFile, encodeRun(records, { layout: 'joined' }));
    const { warnings } = process('summary');
    expect(warnings[0]).toBe('no records of configured chips: 0, 1');
    expect(warnings[1]).toMatch(/^records of chips that are not configured: 3;/);
  });

  it('refuses a file that is not the one that was measured', () => {
    writeFileSync(rawFile, encodeArchiveHeader());
    expect(() => process('summary', twoChips, 'raw', '00')).toThrow(/run_00000\.raw is not the file that was measured/);
    expect(readdirSync(folder)).toEqual(['run_00000.raw']);
  });

  it('names a file that is none or is missing, and leaves nothing behind', () => {
    expect(() => process('summary')).toThrow(/no raw file .*run_00000\.raw/);
    writeFileSync(rawFile, 'GIF89a');
    expect(() => process('full')).toThrow(/run_00000\.raw: this is no raw file/);
    expect(readdirSync(folder)).toEqual(['run_00000.raw']);
  });

  describe.skipIf(recordedFolder === undefined)('of recorded data (skipped without DATENRAFFINERIE_TEST_DATA)', () => {
    it('gives the expected summary with the configuration beside it', async () => {
      rawFile = recordedPath(60);
      const { value } = await readSource(rawFile.replace('.raw', '.yaml'));
      if (!isMap(value)) throw new Error('the configuration is no mapping');
      process('summary', value, 'characterisation');
      const rows = rowsOfPart();
      expect(rows).toHaveLength(234);
      for (const [name, values] of expectedTable('test_run_60.summary.csv')) {
        values.forEach((expected, row) => {
          const tolerance = 1e-6 * Math.abs(expected);
          expect(Math.abs(Number(rows[row][name]) - expected), `${name}, row ${row}`).toBeLessThanOrEqual(tolerance);
        });
      }
      // run 60 is point 11 of its phase; only four channels of a chip say HighRange, of the others nothing is known
      expect(new Set(rows.map((row) => row['Calib']))).toEqual(new Set([11 * 128]));
      expect(new Set(rows.map((row) => row['phase_strobe']))).toEqual(new Set([3]));
      const high = rows.filter((row) => row['HighRange'] === 1 && row['chip'] === 0).map((row) => row['channel']);
      expect(high).toEqual([10, 20, 40, 50]);
      expect(rows[0]).toMatchObject({ HighRange: -1, A_BX: 16, A_enable: 1 });
    });
  });
});

describe('the key of a part', () => {
  const { layout } = buildTableLayout({ mode: 'full', dataColumns: [], startState: twoChips, axes: [] });
  const input: PartKeyInput = { sha256: 'a', runKey: 'b', axisValues: new Map([['x', 1]]), layout, dataFormat: 'raw' };

  it('changes with whatever decides what stands in it', () => {
    const other = buildTableLayout({ mode: 'summary', dataColumns: [], startState: twoChips, axes: [] }).layout;
    const fewer = buildTableLayout({ mode: 'full', dataColumns: ['adc'], startState: twoChips, axes: [] }).layout;
    const variants: readonly Partial<PartKeyInput>[] = [
      {},
      { sha256: 'b' },
      { runKey: 'c' },
      { axisValues: new Map([['x', 2]]) },
      { axisValues: new Map([['y', 1]]) },
      { layout: other },
      { layout: fewer },
      { dataFormat: 'characterisation' },
    ];
    const keys = variants.map((variant) => partKey({ ...input, ...variant }));
    expect(new Set(keys).size).toBe(variants.length);
    expect(partKey({ ...input })).toBe(keys[0]);
  });
});
