import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeRun } from '../../../src/domain/hgcroc/encode.js';
import { buildTableLayout } from '../../../src/domain/table/build-layout.js';
import { rowSize } from '../../../src/domain/table/schema.js';
import { PartFile } from '../../../src/io/process/part-reader.js';
import type { PatchedRun } from '../../../src/io/process/process-job.js';
import { ProcessingPool } from '../../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../../src/io/threads/thread-pool.js';
import { nest } from '../../../src/domain/config/overlay.js';
import { generateRecords } from '../../support/raw/raw-runs.js';

const startState = nest(
  ['target', 'roc_s0', 'ReferenceVoltage'],
  new Map([0, 1].map((half) => [half, new Map([['Calib', 0]])])),
);
const { layout } = buildTableLayout({ mode: 'summary', dataColumns: [], startState, axes: [] });
const context = { layout, dataFormat: 'characterisation', startState } as const;

describe('processing in threads', () => {
  const threads = new ThreadPool(2);
  const pool = new ProcessingPool(threads);
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parts-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => pool.close());

  function writeRuns(count: number, events: number): PatchedRun[] {
    return Array.from({ length: count }, (_, run) => {
      const rawFile = join(folder, `run_${run}.raw`);
      writeFileSync(rawFile, encodeRun(generateRecords({ events, chips: 1, seed: run }), { layout: 'split' }));
      const patch = nest(['target', 'roc_s0', 'ReferenceVoltage', 1, 'Calib'], run);
      return { rawFile, partFile: join(folder, `run_${run}.part`), runKey: `key-${run}`, patch, axisValues: new Map() };
    });
  }

  it('makes a part of every run, in order, and reports each', async () => {
    const runs = writeRuns(20, 10);
    const reported: number[] = [];
    const outcomes = await pool.process(context, runs, { onRun: ({ index }) => reported.push(index) });
    expect(outcomes.map(({ index }) => index)).toEqual(runs.map((_, i) => i));
    expect(reported.toSorted((a, b) => a - b)).toEqual(runs.map((_, i) => i));
    const header = { rows: 78, events: 10, chips: [0], truncatedBytes: 0 };
    for (const outcome of outcomes) expect(outcome).toMatchObject({ header });
    const part = PartFile.open(runs[7].partFile);
    const last = new Uint8Array(rowSize(layout.schema));
    part.read(77, 1, last);
    part.close();
    // the last row is common-mode channel 3, of half 1: its column Calib is the patched one
    expect(last.at(-1)).toBe(7);
  });

  it('tells of a file that is no raw file and goes on with the others', async () => {
    const runs = writeRuns(3, 2);
    writeFileSync(runs[1].rawFile, 'nothing of the kind');
    const outcomes = await pool.process(context, runs);
    expect(outcomes.map((outcome) => 'header' in outcome)).toEqual([true, false, true]);
    expect(outcomes[1]).toMatchObject({ error: { type: 'DataError' } });
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('cancels within a second, leaves nothing behind and can be used again', async () => {
    const [first] = writeRuns(1, 300);
    const runs = Array.from({ length: 400 }, (_, run) => ({ ...first, partFile: join(folder, `${run}.part`) }));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    let at = 0;
    const onRun = (): void => {
      at ||= Date.now();
      controller.abort(reason);
    };
    await expect(pool.process(context, runs, { signal: controller.signal, onRun })).rejects.toBe(reason);
    expect(Date.now() - at).toBeLessThan(1000);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(await pool.process(context, runs.slice(0, 2))).toHaveLength(2);
  });

  it('rejects where a thread dies', async () => {
    const work = { module: '../test/support/tools/dying-thread.js', function: 'die', input: undefined };
    await expect(threads.run(work)).rejects.toThrow(/die \(.*dying-thread\.js\) died: exit code 3/);
  });

  it('replaces a thread that died while it had nothing to do', async () => {
    const started = once(process, 'worker');
    const single = new ThreadPool(1);
    const [run] = writeRuns(1, 2);
    const one = new ProcessingPool(single);
    await one.process(context, [run]);
    const [thread]: Worker[] = await started;
    await thread.terminate();
    expect(await one.process(context, [run])).toMatchObject([{ header: { events: 2 } }]);
    await one.close();
  });
});
