import { CancellationScope, condition } from '@temporalio/workflow';

/**
 * At most `width` pieces of work at a time: processing overlaps acquisition without piling up. A piece that fails does
 * not disturb the others: what is being measured is worth more. Its error is thrown by `finish`.
 */
export class Lanes {
  private running = 0;
  private readonly scope = new CancellationScope();
  private readonly errors: unknown[] = [];

  constructor(private readonly width: number) {}

  /** Resolves when the work has begun. */
  async start(work: () => Promise<void>): Promise<void> {
    await condition(() => this.running < this.width);
    this.running++;
    void this.scope
      .run(work)
      .catch((error: unknown) => this.errors.push(error))
      .finally(() => this.running--);
  }

  /** Gives up what runs, and what is started from now on. */
  cancel(): void {
    this.scope.cancel();
  }

  /** Resolves when all is done: whether all of it was well. */
  async settle(): Promise<boolean> {
    await condition(() => this.running === 0);
    return this.errors.length === 0;
  }

  /** Resolves when all is done; throws the first error there was. */
  async finish(): Promise<void> {
    await condition(() => this.running === 0);
    if (this.errors.length > 0) throw this.errors[0];
  }
}
