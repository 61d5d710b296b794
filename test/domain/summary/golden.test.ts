import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RawDecoder } from '../../../src/domain/hgcroc/raw-decoder.js';
import { SummaryCounter } from '../../../src/domain/summary/counter.js';
import { summarize } from '../../../src/domain/summary/summarize.js';
import { expectedTable, recordedFolder, recordedPath, recordedRuns } from '../../support/raw/recorded-data.js';

const missing = recordedFolder === undefined;

describe.skipIf(missing)('summaries of recorded runs (skipped without DATENRAFFINERIE_TEST_DATA)', () => {
  it.each([1, 8, 60, 112])('run %i has the expected statistics', (run) => {
    const expected = expectedTable(`test_run_${run}.summary.csv`);
    const { rows, data } = summaryOf(readFileSync(recordedPath(run)));
    expect([...data.keys()]).toEqual([...expected.keys()]);
    expect(rows).toBe(234);
    for (const [name, values] of expected) {
      const actual = data.get(name);
      values.forEach((value, row) => {
        const found = Number(actual?.[row]);
        const tolerance = /^(chip|channel)|_median$|_iqr$/.test(name) ? 0 : 1e-6 * Math.abs(value);
        expect(Math.abs(found - value), `${name}, row ${row}: ${found}`).toBeLessThanOrEqual(tolerance);
      });
    }
  });

  it('decodes all runs with the tail of the last record cut', () => {
    for (const run of recordedRuns) {
      const decoder = new RawDecoder();
      decoder.push(readFileSync(recordedPath(run)));
      const facts = decoder.end();
      expect(facts).toMatchObject({ truncatedBytes: 352, chips: [0, 1, 2], warnings: [] });
      expect(facts.corruptHalves > 0, `run ${run}`).toBe(run === 51 || run === 112);
    }
  });
});

function summaryOf(bytes: Uint8Array) {
  const counter = new SummaryCounter();
  const decoder = new RawDecoder([counter]);
  decoder.push(bytes);
  decoder.end();
  return summarize(counter);
}
