import { DatenraffinerieError } from '../../../domain/errors.js';
import type { DaqService } from './daq-service.js';
import type { RunLength } from './run-length.js';

/** How often the server is asked for its state while it takes data, in ms: only to see that it is not in an error. */
const interval = 250;

/** What the watch of a run works with. */
export interface RunWatchParts {
  readonly daq: DaqService;
  readonly length: RunLength;
  /** How long the server may need after END_OF_RUN until it is configured, in s. */
  readonly seconds: number;
  /** Called once, as soon as the stand is known to take no more data of this run. */
  readonly onTaken: () => void;
}

/**
 * Asks the server for its state while a run's data come: seldom in the middle, again and again about the time when
 * the run should end, since the server knows of the end before the last message has been read.
 */
export class RunWatch {
  /** Resolves when the server is `configured`; rejects where it is in a state that it should not be in. */
  readonly configured: Promise<void>;
  private taken = false;
  private endRead: number | undefined;
  /** Ends the wait between two questions, while there is one. */
  private wake: (() => void) | undefined;

  constructor(
    private readonly parts: RunWatchParts,
    private readonly signal: AbortSignal,
  ) {
    parts.length.begin(performance.now());
    this.configured = this.watch();
    this.configured.catch(() => undefined); // thrown where it is awaited
  }

  /** END_OF_RUN was read. */
  end(): void {
    this.endRead = performance.now();
    this.parts.length.end(this.endRead);
    if (this.wake === undefined) this.tellTaken();
    else this.wake();
  }

  /** Ends the watch of a run that has failed, once its signal is aborted. */
  async stop(): Promise<void> {
    this.wake?.();
    await this.configured.catch(() => undefined);
  }

  private async watch(): Promise<void> {
    const { daq, seconds } = this.parts;
    for (;;) {
      await this.wait();
      const reply = daq.command('status', this.signal);
      if (this.endRead !== undefined) this.tellTaken(); // after the question: its answer takes less time
      const state = await reply;
      if (state === 'configured') break;
      const when = this.endRead === undefined ? 'within a run' : 'after END_OF_RUN';
      if (state !== 'running') throw daq.wrongState(when, state, 'running');
      if (this.endRead !== undefined && performance.now() > this.endRead + 1000 * seconds) throw stillRunning(seconds);
    }
    this.tellTaken();
  }

  /** Until the server is to be asked again, or the watch is woken. */
  private async wait(): Promise<void> {
    const left = this.endRead === undefined ? this.parts.length.untilEnd(performance.now()) : 0;
    if (left === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(interval, left));
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = undefined;
    this.signal.throwIfAborted();
  }

  private tellTaken(): void {
    if (!this.taken) this.parts.onTaken();
    this.taken = true;
  }
}

function stillRunning(seconds: number): DatenraffinerieError {
  return new DatenraffinerieError('TimeoutError', `the daq server is still 'running' ${seconds} s after END_OF_RUN`, {
    remedy: 'the run is taken again; if it happens often, restart the daq server',
  });
}
