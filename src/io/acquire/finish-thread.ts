import { parentPort, workerData } from 'node:worker_threads';
import { DatenraffinerieError } from '../../domain/errors.js';
import { finishRun, type TakenRun } from './finish-run.js';
import { ManifestWriter } from '../output/manifest.js';

/** Worker thread of a RunStore: one run after the other, so that the manifest's lines are in the order of taking. */
const folder = String(workerData);
const port = parentPort;
if (port === null) throw new Error('finish-thread runs as a worker thread only');

const { writer, warning } = await ManifestWriter.open(folder);
port.postMessage({ ready: true, warning });

let queue: Promise<void> = Promise.resolve();
port.on('message', (taken: TakenRun | 'close') => {
  queue = queue.then(() => (taken === 'close' ? close() : finish(taken)));
});

async function finish(taken: TakenRun): Promise<void> {
  try {
    port?.postMessage({ line: await finishRun(folder, taken, writer) });
  } catch (error) {
    const type = error instanceof DatenraffinerieError ? error.type : 'StorageError';
    port?.postMessage({ run: taken.run, type, error: error instanceof Error ? error.message : String(error) });
  }
}

async function close(): Promise<void> {
  await writer.close();
  port?.close();
}
