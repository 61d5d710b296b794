import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatenraffinerieError, type ErrorType } from '../domain/errors.js';
import type { ManifestLine } from '../domain/scan/manifest.js';
import { compiledModule } from './compiled.js';
import { temporaryName } from './files.js';
import type { TakenRun } from './finish-run.js';
import { RawSpool } from './raw-spool.js';
import { keepReadingNames, readingNames } from './reading-names.js';

type ThreadMessage =
  | { readonly ready: true; readonly warning?: string }
  | { readonly line: ManifestLine }
  | { readonly run: number; readonly type: ErrorType; readonly error: string };

/** Relative name of a run's raw file: `raw/run_00012.raw`. */
export function rawFileName(run: number): string {
  return `raw/run_${String(run).padStart(5, '0')}.raw`;
}

/**
 * Writes a procedure's raw files. What makes a run durable (hashing, fsync, rename, manifest) happens in a worker thread
 * while the next run is taken.
 */
export class RunStore {
  private readonly waiting = new Map<number, { resolve(line: ManifestLine): void; reject(error: Error): void }>();
  private failure: Error | undefined;
  private readings: readonly string[] | undefined;

  private constructor(
    private readonly folder: string,
    private readonly thread: Worker,
    readonly warning: string | undefined,
  ) {
    thread.on('message', (message: ThreadMessage) => this.receive(message));
    thread.on('error', (error) => this.fail(error));
    thread.on('exit', () => this.fail(new DatenraffinerieError('StorageError', 'the writing thread ended')));
  }

  /** @param folder the procedure's folder; only the holder of the stand's lock may open it for writing */
  static async open(folder: string): Promise<RunStore> {
    await mkdir(join(folder, 'raw'), { recursive: true });
    await removeLeftovers(join(folder, 'raw'));
    const thread = new Worker(compiledModule('io/finish-thread.js'), { workerData: folder });
    const warning = await new Promise<string | undefined>((resolve, reject) => {
      thread.once('message', (message: ThreadMessage) => resolve('warning' in message ? message.warning : undefined));
      thread.once('error', reject);
    });
    return new RunStore(folder, thread, warning);
  }

  /** Where the bytes of a run go as they come. */
  create(run: number): RawSpool {
    return new RawSpool(temporaryName(join(this.folder, rawFileName(run))));
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
    const ended = new Promise((resolve) => this.thread.once('exit', resolve));
    this.thread.postMessage('close');
    await ended;
  }

  private receive(message: ThreadMessage): void {
    if ('ready' in message) return;
    const run = 'line' in message ? message.line.run : message.run;
    const waiting = this.waiting.get(run);
    this.waiting.delete(run);
    if ('line' in message) waiting?.resolve(message.line);
    else waiting?.reject(new DatenraffinerieError(message.type, message.error));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

/** Files of attempts that died: the stand's lock says that no other attempt is writing. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) if (name.endsWith('.tmp')) await unlink(join(folder, name));
}
