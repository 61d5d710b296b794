/**
 * Room: worker threads for what costs CPU.
 * May use: domain, io.
 */

import { availableParallelism } from 'node:os';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { compiledModule } from '../compiled.js';
import { restoreError, type ThreadReply, type ThreadTask } from './thread-messages.js';

/** CPU work for a thread: an exported function of a compiled module and its input. */
export interface ThreadWork {
  /** The module's path below `dist`: `io/process-job.js`. */
  readonly module: string;
  readonly function: string;
  /** Must survive structured cloning. */
  readonly input: unknown;
}

export interface ThreadCall {
  /** Aborting ends the thread at once, whatever it computes. */
  readonly signal?: AbortSignal;
  /** What the function reports on its way. */
  readonly onProgress?: (value: unknown) => void;
}

interface Waiting {
  readonly work: ThreadWork;
  readonly call: ThreadCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Leaves the queue where its signal aborts. */
  readonly onAbort: () => void;
}

/**
 * Worker threads for CPU work, as many as the machine has cores; started when needed, kept for the next work. Work
 * that is aborted, or whose thread dies, is rejected; the thread is then replaced.
 */
export class ThreadPool {
  private readonly idle: PoolThread[] = [];
  private readonly threads = new Set<PoolThread>();
  private readonly queue: Waiting[] = [];
  private closed = false;

  /** @param limits of each thread's memory; one that needs more dies */
  constructor(
    readonly size = availableParallelism(),
    private readonly limits: ResourceLimits = {},
  ) {}

  /** Runs the work in the next free thread; resolves to what its function returns. */
  run(work: ThreadWork, call: ThreadCall = {}): Promise<unknown> {
    const { signal } = call;
    if (this.closed) return Promise.reject(new Error('the pool of threads is closed'));
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason));
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.queue.splice(this.queue.indexOf(waiting), 1);
        reject(asError(signal?.reason));
      };
      const waiting: Waiting = { work, call, resolve, reject, onAbort };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.push(waiting);
      this.next();
    });
  }

  /** Ends all threads; what still runs is rejected. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { reject } of this.queue.splice(0)) reject(new Error('the pool of threads was closed'));
    await Promise.all([...this.threads].map((thread) => thread.end()));
  }

  private next(): void {
    while (this.queue.length > 0) {
      const thread = this.idle.pop() ?? (this.threads.size < this.size ? this.startThread() : undefined);
      if (thread === undefined) return;
      const waiting = this.queue.shift();
      if (waiting === undefined) return;
      waiting.call.signal?.removeEventListener('abort', waiting.onAbort);
      void this.serve(thread, waiting);
    }
  }

  private startThread(): PoolThread {
    const thread = new PoolThread(this.limits, () => this.forget(thread));
    this.threads.add(thread);
    return thread;
  }

  private forget(thread: PoolThread): void {
    this.threads.delete(thread);
    const at = this.idle.indexOf(thread);
    if (at >= 0) this.idle.splice(at, 1);
  }

  private async serve(thread: PoolThread, { work, call, resolve, reject }: Waiting): Promise<void> {
    try {
      resolve(await thread.run(work, call));
    } catch (error) {
      reject(error);
    }
    if (thread.alive && !this.closed) this.idle.push(thread);
    else this.forget(thread);
    if (!this.closed) this.next();
  }
}

/** One worker thread; does one work at a time. */
class PoolThread {
  alive = true;
  private readonly worker: Worker;

  /** @param onDeath called also where the thread dies between two works: it answers no more */
  constructor(resourceLimits: ResourceLimits, onDeath: () => void) {
    const entry = compiledModule('io/threads/thread-entry.js');
    this.worker = new Worker(entry, { stdout: false, stderr: false, resourceLimits });
    const die = (): void => {
      this.alive = false;
      onDeath();
    };
    this.worker.on('error', die).on('exit', die);
    // an idle thread does not keep the process alive
    this.worker.unref();
  }

  async run(work: ThreadWork, { signal, onProgress }: ThreadCall): Promise<unknown> {
    const stop = (): void => void this.end();
    signal?.addEventListener('abort', stop, { once: true });
    this.worker.ref();
    try {
      return await this.reply(work, onProgress ?? (() => undefined));
    } catch (error) {
      throw signal?.aborted === true ? asError(signal.reason) : error;
    } finally {
      signal?.removeEventListener('abort', stop);
      this.worker.unref();
    }
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.worker.terminate();
  }

  private reply(work: ThreadWork, onProgress: (value: unknown) => void): Promise<unknown> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        act();
      };
      const onMessage = (reply: ThreadReply): void => {
        if (reply.kind === 'progress') onProgress(reply.value);
        else if (reply.kind === 'result') settle(() => resolve(reply.value));
        else settle(() => reject(restoreError(reply.error)));
      };
      const onError = (error: unknown): void => settle(() => reject(threadDied(work, error)));
      const onExit = (code: number): void => onError(`exit code ${code}`);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      const task: ThreadTask = { module: compiledModule(work.module).href, function: work.function, input: work.input };
      worker.postMessage(task);
    });
  }
}

function threadDied(work: ThreadWork, cause: unknown): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`the thread of ${work.function} (${work.module}) died: ${why}`, { cause });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted', { cause: reason });
}
