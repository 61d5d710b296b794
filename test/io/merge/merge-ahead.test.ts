import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { mergeAhead } from '../../../src/io/merge/merge-ahead.js';
import { mergeProcedure } from '../../../src/io/merge/merge-procedure.js';
import { ProcessingPool } from '../../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../../src/io/threads/thread-pool.js';
import { TableFile } from '../../../src/io/hdf5/read-table.js';
import { MeasuredProcedure } from '../../support/disk/measured-procedure.js';

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());

const never = new AbortController().signal;

/** Begins to merge a procedure while nothing of it is there yet. */
function begin(scan: MeasuredProcedure) {
  const [call, stop] = [new AbortController(), new AbortController()];
  const added: number[] = [];
  const onRun = (run: number): void => void added.push(run);
  const { task, loaded } = scan;
  const merging = mergeAhead(task, { loaded, signal: stop.signal, lastCall: call.signal, onRun });
  merging.catch(() => undefined); // looked at in the test
  return { merging, added, lastCall: () => call.abort(), stop: () => stop.abort(new Error('the worker ends')) };
}

function reached(added: readonly number[], run: number) {
  return expect.poll(() => added.at(-1), { timeout: 10_000, interval: 20 }).toBe(run);
}

/** What a merge at the end makes of the same folder. */
async function mergedAtTheEnd(scan: MeasuredProcedure): Promise<Buffer> {
  rmSync(join(scan.output, 'scan.h5'), { force: true });
  rmSync(join(scan.folder, 'provenance.json'), { force: true });
  await mergeProcedure(scan.task, { loaded: scan.loaded, signal: never, onRun: () => undefined });
  return readFileSync(join(scan.output, 'scan.h5'));
}

function tables(scan: MeasuredProcedure): string[] {
  return readdirSync(scan.output).filter((name) => name !== 'scan');
}

describe('a merge that goes ahead', () => {
  it('makes the table while runs come, in whatever order, and ends with the last one by itself', async () => {
    const scan = await MeasuredProcedure.make(pool, 6);
    const { merging, added } = begin(scan);
    await scan.take(0);
    await reached(added, 0);
    await scan.take(2);
    await scan.take(1);
    await reached(added, 2);
    expect(tables(scan).filter((name) => name === 'scan.h5')).toEqual([]); // nothing under its name before it is whole
    await scan.quarantine(3);
    await scan.take(4);
    await scan.take(5);
    const outcome = await merging;
    expect(outcome).toMatchObject({ output: join(scan.output, 'scan.h5'), quarantined: 1 });
    expect(added).toEqual([0, 1, 2, 3, 4, 5]);
    expect(tables(scan)).toEqual(['scan.h5']);
    const bytes = readFileSync(join(scan.output, 'scan.h5'));
    const provenance = readFileSync(join(scan.folder, 'provenance.json'), 'utf8');
    // the merge at the end finds nothing to do, and would have made the same
    const again = await mergeProcedure(scan.task, { loaded: scan.loaded, signal: never, onRun: () => undefined });
    expect(again).toEqual(outcome);
    expect(bytes.equals(await mergedAtTheEnd(scan))).toBe(true);
    expect(readFileSync(join(scan.folder, 'provenance.json'), 'utf8')).toBe(provenance);
  });

  it('adds what is there after the last call', async () => {
    const scan = await MeasuredProcedure.make(pool, 40);
    for (let run = 0; run < 40; run++) await scan.measure(run);
    await scan.process(0, 40);
    const { merging, lastCall } = begin(scan);
    lastCall();
    expect(await merging).toMatchObject({ rows: 40 * 78 });
  });

  it('leaves nothing behind where the scan is given up', async () => {
    const scan = await MeasuredProcedure.make(pool, 5);
    const { merging, added, lastCall } = begin(scan);
    await scan.take(0);
    await scan.take(1);
    await reached(added, 1);
    lastCall();
    expect(await merging).toBeNull();
    expect(tables(scan)).toEqual([]);
    expect(readdirSync(scan.folder)).not.toContain('provenance.json');
  });

  it('ends at once, without a trace, where its worker ends', async () => {
    const scan = await MeasuredProcedure.make(pool, 3);
    await scan.take(0);
    const { merging, added, stop, lastCall } = begin(scan);
    await reached(added, 0);
    stop();
    lastCall(); // both come from the same cancellation
    await expect(merging).rejects.toThrow('the worker ends');
    expect(tables(scan)).toEqual([]);
  });

  it('is not used where a part that it took was made again', async () => {
    const scan = await MeasuredProcedure.make(pool, 3);
    const { merging, added } = begin(scan);
    await scan.take(0);
    await scan.take(1);
    await reached(added, 1);
    await scan.measure(0, { seed: 77 });
    await scan.process(0, 1);
    await scan.take(2);
    expect(await merging).toBeNull();
    expect(tables(scan)).toEqual([]);
  });

  it('waits for runs that are to be measured again: of another configuration, or with a changed file', async () => {
    const scan = await MeasuredProcedure.make(pool, 2);
    await scan.measure(0, { seed: 5, key: 'of another configuration' });
    await scan.take(1);
    rmSync(join(scan.folder, 'raw', 'run_00001.raw'));
    const { merging, added } = begin(scan);
    await scan.take(0);
    await reached(added, 0);
    await scan.measure(1, { seed: 9 });
    await scan.process(1, 2);
    expect(await merging).toMatchObject({ rows: 2 * 78 });
    expect(readFileSync(join(scan.output, 'scan.h5')).equals(await mergedAtTheEnd(scan))).toBe(true);
  });
});

it('runs that were measured with another configuration and then failed are not in the table', async () => {
  const scan = await MeasuredProcedure.make(pool, 3);
  await scan.take(0);
  await scan.measure(1, { key: 'of another configuration' });
  await scan.quarantine(1);
  await scan.take(2);
  await scan.process(0, 3);
  const outcome = await mergeProcedure(scan.task, { loaded: scan.loaded, signal: never, onRun: () => undefined });
  expect(outcome).toMatchObject({ rows: 2 * 78, quarantined: 1 });
  const table = await TableFile.open(join(scan.output, 'scan.h5'));
  try {
    expect(table.runs().map(({ run }) => run)).toEqual([0, 2]);
  } finally {
    table.close();
  }
});
