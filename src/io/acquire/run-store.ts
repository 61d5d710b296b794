import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatenraffinerieError, type ErrorType } from '../../domain/errors.js';
import type { ManifestLine } from '../../domain/scan/manifest.js';
import { compiledModule } from '../compiled.js';
import { isTemporary, temporaryName } from '../files.js';
import type { TakenRun } from './finish-run.js';
import { RawSpool } from './raw-spool.js';
import { rawFolder, rawName } from '../output/paths.js';
import { keepReadingNames, readingNames } from '../output/reading-names.js';

type ThreadMessage =
  | { readonly ready: true; readonly warning?: string }
  | { readonly line: ManifestLine }
  | { readonly run: number; readonly type: ErrorType; readonly error: string };

/**
 * Writes a procedure's raw files. What makes a run durable (hashing, fsync, rename, manifest) happens in a worker thread
 * while the next run is taken.
 */
export class RunStore {
  /** What was found wrong with the manifest, and mended. */
  warning: string | undefined;
  private readonly waiting = new Map<number, { resolve(line: ManifestLine): void; reject(error: Error): void }>();
  private opening: { resolve(): void; reject(error: Error): void } | undefined;
  /** Looked for from the beginning: a thread tells its exit only once. */
  private readonly ended: Promise<void>;
  private failure: Error | undefined;
  private readings: readonly string[] | undefined;

  private constructor(
    private readonly folder: string,
    private readonly thread: Worker,
  ) {
    thread.on('message', (message: ThreadMessage) => this.receive(message));
    thread.on('error', (error) => this.fail(error));
    this.ended = new Promise((resolve) => {
      thread.once('exit', () => {
        this.fail(new DatenraffinerieError('StorageError', 'the writing thread ended'));
        resolve();
      });
    });
  }

  /** @param folder the procedure's folder; only the holder of the stand's lock may open it for writing */
  static async open(folder: string): Promise<RunStore> {
    await mkdir(join(folder, rawFolder), { recursive: true });
    await removeLeftovers(join(folder, rawFolder));
    const thread = new Worker(compiledModule('io/acquire/finish-thread.js'), { workerData: folder });
    const store = new RunStore(folder, thread);
    await new Promise<void>((resolve, reject) => (store.opening = { resolve, reject }));
    return store;
  }

  /** Where the bytes of a run go as they come. */
  create(run: number): RawSpool {
    return new RawSpool(temporaryName(join(this.folder, rawName(run))));
  }

  /**
   * Lets a run's slow readings be columns of the table, if it is the first with readings; to be called before the run's
   * line is written. @returns the names that are no columns, since the first run had none of them
   */
  async keepReadings(names: readonly string[]): Promise<readonly string[]> {
    this.readings ??= readingNames(this.folder);
    if (this.readings === undefined) await keepReadingNames(this.folder, names);
    const columns = (this.readings ??= names);
    return names.filter((name) => !columns.includes(name));
  }

  /** Resolves with the manifest's line when the run is safely on disk. */
  finish(taken: TakenRun): Promise<ManifestLine> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiting.set(taken.run, { resolve, reject });
      this.thread.postMessage(taken);
    });
  }

  async close(): Promise<void> {
    this.thread.postMessage('close');
    await this.ended;
  }

  private receive(message: ThreadMessage): void {
    if ('ready' in message) {
      this.warning = message.warning;
      this.opening?.resolve();
      return;
    }
    const run = 'line' in message ? message.line.run : message.run;
    const waiting = this.waiting.get(run);
    this.waiting.delete(run);
    if ('line' in message) waiting?.resolve(message.line);
    else waiting?.reject(new DatenraffinerieError(message.type, message.error));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.opening?.reject(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** Files of attempts that died: the stand's lock says that no other attempt is writing. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (isTemporary(name)) await unlink(join(folder, name));
}
