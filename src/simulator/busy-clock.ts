/** How long a board took data, by its own clock. */
export interface BusyTime {
  readonly runs: number;
  /** Sum of the runs' durations, and time from the first run's begin to the last one's end, in seconds. */
  readonly busySeconds: number;
  readonly elapsedSeconds: number;
}

export class BusyClock {
  private runs = 0;
  private busy = 0;
  private first: number | undefined;
  private last = 0;
  private begun: number | undefined;

  begin(): void {
    this.begun = performance.now();
    this.first ??= this.begun;
  }

  /** Ends the run that was begun, if it was not ended before. */
  end(): void {
    if (this.begun === undefined) return;
    this.last = performance.now();
    this.busy += this.last - this.begun;
    this.runs += 1;
    this.begun = undefined;
  }

  /** Since the first run; begins anew afterwards. */
  read(): BusyTime {
    const elapsed = this.first === undefined ? 0 : this.last - this.first;
    const time = { runs: this.runs, busySeconds: this.busy / 1000, elapsedSeconds: elapsed / 1000 };
    [this.runs, this.busy, this.first] = [0, 0, undefined];
    return time;
  }
}
