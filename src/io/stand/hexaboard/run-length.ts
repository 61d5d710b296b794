/** How long before and after its likely end a run is looked at closely, in ms. */
const before = 3;
const after = 5;

/** Guesses when a run will end from how long the last one took: in most scans all runs are alike. */
export class RunLength {
  private begun = 0;
  /** Duration of the last run in ms. */
  private last: number | undefined;

  begin(now: number): void {
    this.begun = now;
  }

  end(now: number): void {
    this.last = now - this.begun;
  }

  /** Time until the run is likely to end in ms: 0 about that time, Infinity where nothing is known or it is over. */
  untilEnd(now: number): number {
    if (this.last === undefined) return Infinity;
    const left = this.begun + this.last - now;
    return left > before ? left - before : left > -after ? 0 : Infinity;
  }
}
