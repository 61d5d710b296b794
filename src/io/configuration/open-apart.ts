import { totalmem } from 'node:os';
import { DatenraffinerieError } from '../../domain/errors.js';
import type { ScanInput } from '../../domain/scan/scan-input.js';
import { ThreadPool } from '../threads/thread-pool.js';
import type { FrozenScan, ReadFacts } from './open-job.js';

export interface OpeningLimits {
  readonly seconds: number;
  readonly mebibytes: number;
}

/** A configuration of 500 procedures takes some seconds, and some hundred megabytes. */
const usual: OpeningLimits = { seconds: 120, mebibytes: Math.min(2048, Math.floor(totalmem() / 1024 ** 2 / 2)) };

/**
 * A scan that is being opened, in a thread of its own with bounds of its own: whatever a configuration costs, the
 * process goes on, and with it all other scans.
 */
export class ApartOpening {
  private readonly thread: ThreadPool;
  private readonly signal: AbortSignal;
  private readonly limit: AbortSignal;

  constructor(
    private readonly input: ScanInput,
    signal: AbortSignal,
    private readonly limits = usual,
  ) {
    this.thread = new ThreadPool(1, { maxOldGenerationSizeMb: limits.mebibytes });
    this.limit = AbortSignal.timeout(1000 * limits.seconds);
    this.signal = AbortSignal.any([signal, this.limit]);
  }

  /** Reads and checks everything a scan is made of. Throws ConfigError with all that is wrong, or with what it costs. */
  async read(): Promise<ReadFacts> {
    return (await this.run('readJob')) as ReadFacts; // what the job of that name returns
  }

  /** Freezes what was read into the output folder. */
  async freeze(): Promise<FrozenScan> {
    return (await this.run('freezeJob')) as FrozenScan; // what the job of that name returns
  }

  close(): Promise<void> {
    return this.thread.close();
  }

  private async run(job: string): Promise<unknown> {
    const work = { module: 'io/configuration/open-job.js', function: job, input: this.input };
    try {
      return await this.thread.run(work, { signal: this.signal });
    } catch (error) {
      if (this.limit.aborted) throw this.tooMuch(`more than ${this.limits.seconds} s`, error);
      if (isOutOfMemory(error)) throw this.tooMuch(`more than ${this.limits.mebibytes} MiB of memory`, error);
      throw error;
    }
  }

  private tooMuch(what: string, cause: unknown): DatenraffinerieError {
    return new DatenraffinerieError('ConfigError', `reading ${this.input.config} takes ${what}`, {
      remedy: 'ask for fewer procedures at a time, or write scans with fewer points',
      cause,
    });
  }
}

function isOutOfMemory(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
