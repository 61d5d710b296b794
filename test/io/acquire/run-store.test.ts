import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { TakenRun } from '../../../src/io/acquire/finish-run.js';
import { RunStore } from '../../../src/io/acquire/run-store.js';
import { temporaryFolder } from '../../support/disk/folders.js';

/** The thread that is started next. */
async function nextThread(): Promise<Worker> {
  const [thread]: Worker[] = await once(process, 'worker');
  return thread;
}

const ended = { type: 'StorageError', message: 'the writing thread ended' };

describe('run store', () => {
  it('is closed at once where its thread has died, and keeps no run', async () => {
    const started = nextThread();
    const store = await RunStore.open(temporaryFolder());
    await (await started).terminate();
    const times = { start: '2026-01-01T00:00:00.000Z', end: '2026-01-01T00:00:01.000Z' };
    const taken: TakenRun = { run: 0, key: 'k', file: 'raw/run_00000.raw', attempt: 1, temporary: '/no', ...times };
    await expect(store.finish(taken)).rejects.toMatchObject(ended);
    await store.close();
  });

  it('is closed where its thread dies meanwhile', async () => {
    const started = nextThread();
    const store = await RunStore.open(temporaryFolder());
    const thread = await started;
    await Promise.all([thread.terminate(), store.close()]);
  });

  it('is not opened where its thread ends before it is ready', async () => {
    const died = nextThread().then((thread) => thread.terminate());
    await expect(RunStore.open(temporaryFolder())).rejects.toMatchObject(ended);
    await died;
  });
});
