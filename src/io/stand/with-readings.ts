import type { RawSink, RunTaken, StandDriver, StandRun, StandStart } from '../../domain/daq/stand.js';
import type { SlowReader } from './slow-readings.js';

/** A stand whose slow readings are taken before each run; where they refuse, the run is not begun. */
export class ReadingDriver implements StandDriver {
  constructor(
    private readonly stand: StandDriver,
    private readonly reader: SlowReader,
  ) {}

  get kind(): StandDriver['kind'] {
    return this.stand.kind;
  }

  begin(start: StandStart, signal: AbortSignal): Promise<void> {
    return this.stand.begin(start, signal);
  }

  prepare(next: StandRun): void {
    this.stand.prepare?.(next);
  }

  async takeRun(run: StandRun, sink: RawSink, signal: AbortSignal): Promise<RunTaken> {
    const readings = await this.reader.read(signal);
    return { ...(await this.stand.takeRun(run, sink, signal)), readings };
  }

  quiet(signal: AbortSignal): Promise<void> {
    return this.stand.quiet(signal);
  }

  close(): Promise<void> {
    return this.stand.close();
  }
}
