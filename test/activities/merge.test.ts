import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { afterAll, expect, test } from 'vitest';
import { createProcessActivities } from '../../src/activities/process.js';
import type { MergeOutcome } from '../../src/domain/scan/tasks.js';
import { ProcessingPool } from '../../src/io/process/processing-pool.js';
import { ThreadPool } from '../../src/io/threads/thread-pool.js';
import { MeasuredProcedure } from '../support/disk/measured-procedure.js';

const pool = new ProcessingPool(new ThreadPool(1));
afterAll(() => pool.close());

/** Three runs, measured and processed. */
async function processed(): Promise<MeasuredProcedure> {
  const scan = await MeasuredProcedure.make(pool, 3);
  for (const run of [0, 1, 2]) await scan.take(run);
  writeFileSync(join(scan.output, '.datenraffinerie'), `${scan.task.context.marker}\n`);
  return scan;
}

/** The activity as a worker runs it. */
function merge({ task }: MeasuredProcedure): Promise<MergeOutcome> {
  const environment = new MockActivityEnvironment({}, { logger: new DefaultLogger('ERROR') });
  return environment.run(() => createProcessActivities(pool).merge(task));
}

const part = ({ folder }: MeasuredProcedure, run: number): string => join(folder, 'parts', `run_0000${run}.part`);

test.each<[string, (path: string) => void]>([
  ['gone', (path) => rmSync(path)],
  ['torn', (path) => truncateSync(path, 100)],
  ['empty', (path) => truncateSync(path, 0)],
  ['something else', (path) => writeFileSync(path, 'x'.repeat(5000))],
])('a part that is %s when the table is made is made again from its raw file', async (_, spoil) => {
  const scan = await processed();
  await merge(scan);
  const table = readFileSync(`${scan.folder}.h5`);
  rmSync(`${scan.folder}.h5`);
  spoil(part(scan, 1));
  expect(await merge(scan)).toMatchObject({ quarantined: 0 });
  expect(readFileSync(`${scan.folder}.h5`).equals(table)).toBe(true);
});

test('a part that cannot be made again is told, and not tried for ever', async () => {
  const scan = await processed();
  rmSync(part(scan, 1));
  writeFileSync(join(scan.folder, 'raw', 'run_00001.raw'), 'something else');
  await expect(merge(scan)).rejects.toMatchObject({
    type: 'DataError',
    nonRetryable: true,
    message: expect.stringContaining('raw files of 1 run are no longer right'),
  });
});
