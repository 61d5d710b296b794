import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Manifest } from '../../../src/io/output/manifest.js';
import { compareRuns, type ComparedRun, type MayRead } from '../../../src/io/output/reuse.js';
import { ProcessingPool } from '../../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../../src/io/threads/thread-pool.js';
import { MeasuredProcedure } from '../../support/disk/measured-procedure.js';

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());

const raw = ({ folder }: MeasuredProcedure, run: number): string => join(folder, 'raw', `run_0000${run}.raw`);

/** Two runs whose files have other times than those on record, as a copy has. */
async function copied(): Promise<MeasuredProcedure> {
  const scan = await MeasuredProcedure.make(pool, 2);
  for (const run of [0, 1]) {
    await scan.measure(run);
    utimesSync(raw(scan, run), 1_700_000_000, 1_700_000_000);
  }
  return scan;
}

async function compared(scan: MeasuredProcedure, mayRead?: MayRead): Promise<ComparedRun[]> {
  const manifest = await Manifest.open(scan.folder);
  try {
    const runs: ComparedRun[] = [];
    const options = mayRead === undefined ? {} : { mayRead };
    for await (const run of compareRuns(manifest, scan.loaded.plan, options)) runs.push(run);
    return runs;
  } finally {
    await manifest.close();
  }
}

const mtimeMs = 1_700_000_000_000;

test('a file of another time is the one that was measured where its content is', async () => {
  const scan = await copied();
  const [first, second] = await compared(scan);
  expect(first).toMatchObject({ why: undefined, touched: { mtimeMs, read: true } });
  expect(second).toMatchObject({ why: undefined, touched: { mtimeMs, read: true } });
});

test('a file of another time, the same size and another content was changed', async () => {
  const scan = await copied();
  writeFileSync(raw(scan, 1), 'x'.repeat(statSync(raw(scan, 1)).size));
  const [first, second] = await compared(scan);
  expect(first.why).toBeUndefined();
  expect(second.why).toEqual({ kind: 'file', text: 'raw/run_00001.raw was changed after it was measured' });
});

test('what may not be read is taken for what was measured, and said so', async () => {
  const scan = await copied();
  const size = statSync(raw(scan, 0)).size;
  let left = size;
  const runs = await compared(scan, (bytes) => (left -= bytes) >= 0);
  expect(runs.map(({ why, touched }) => [why, touched?.read])).toEqual([
    [undefined, true],
    [undefined, false],
  ]);
});
