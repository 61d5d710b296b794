import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { DatenraffinerieError } from '../../domain/errors.js';
import { userName } from '../../io/user.js';
import type { BenchLeaseInput, BenchLeaseState } from '../../workflows/messages.js';
import { benchWorkflow, benchWorkflowId, messages, workflowQueue, workflowTaskTimeout } from '../../workflows/names.js';

/** A quarter of the time after which the lease of a client that says nothing ends. */
const renewMs = 5000;
/** Longer than a workflow worker needs to begin. */
const patienceMs = 10_000;
const pollMs = 200;
const slowPollMs = 1000;

/** How a command at the bench wants a stand. */
export interface StandWish {
  /** What it is used for, for whoever must wait meanwhile: `stand write`. */
  readonly what: string;
  /** Waits in the queue where the stand is in use; else it is refused. */
  readonly wait?: boolean;
  /** Seconds, with `wait`. */
  readonly timeout?: number;
  /** 1 (first) to 5, default 3, with `wait`. */
  readonly priority?: number;
  readonly urgent?: boolean;
}

/** A place in the queue of a stand, and then its lease: ends with `end`, or by itself when this process is gone. */
export class BenchLease {
  private readonly renewing: NodeJS.Timeout;

  private constructor(
    private readonly client: Client,
    private readonly handle: WorkflowHandle,
  ) {
    // one that is lost does no harm, the next one comes
    const renew = (): void => void handle.signal(messages.renewBenchLease).catch(() => undefined);
    this.renewing = setInterval(renew, renewMs);
  }

  /** @returns undefined where no workflow worker answers */
  static async ask(client: Client, stand: string, wish: StandWish): Promise<BenchLease | undefined> {
    const { what, priority = 3, urgent = false } = wish;
    const input: BenchLeaseInput = { stand, what, priority, urgent, operator: userName() };
    const handle = await client.workflow.start(benchWorkflow, {
      workflowId: benchWorkflowId(stand, randomBytes(3).toString('hex')),
      taskQueue: workflowQueue,
      args: [input],
      workflowTaskTimeout,
      staticSummary: `${what} at stand ${stand}`,
    });
    const lease = new BenchLease(client, handle);
    if (await lease.answers()) return lease;
    clearInterval(lease.renewing);
    await handle.terminate('no workflow worker answered').catch(() => undefined);
    return undefined;
  }

  /**
   * Resolves when the stand is ours. Rejects with a BusyError where the place in the queue was taken away, and with
   * `signal.reason` where it is aborted.
   * @param onWait called when it must wait, with who has the stand; may throw
   */
  async granted(signal: AbortSignal, onWait: (who: string) => void): Promise<void> {
    const begin = performance.now();
    for (let told = ''; ;) {
      const { granted, refused, waitingFor } = await this.state();
      if (granted === true) return;
      if (refused !== undefined) throw new DatenraffinerieError('BusyError', refused);
      const waits = performance.now() - begin;
      const who = waitingFor ?? (waits > patienceMs ? 'others that wait for it' : '');
      if (who !== told) onWait((told = who));
      await delay(waits > patienceMs ? slowPollMs : pollMs, undefined, { signal }).catch(() => {
        throw signal.reason;
      });
    }
  }

  /** Gives the lease back, or the place in the queue. */
  async end(): Promise<void> {
    clearInterval(this.renewing);
    await this.handle.signal(messages.endBenchLease).catch(() => undefined); // then it expires
  }

  private async answers(): Promise<boolean> {
    return this.state().then(
      () => true,
      () => false,
    );
  }

  private async state(): Promise<BenchLeaseState> {
    try {
      return await this.client.withDeadline(Date.now() + patienceMs, () =>
        this.handle.query<BenchLeaseState>(messages.benchLease),
      );
    } catch (cause) {
      throw new DatenraffinerieError('ServerError', 'the workflow worker answers no more', {
        remedy: "start one with 'datenraffinerie up' or 'datenraffinerie worker workflow'",
        cause,
      });
    }
  }
}
