import { diffMap } from '../domain/config/overlay.js';
import { eventsOf } from '../domain/config/roots.js';
import type { ConfigMap } from '../domain/config/value.js';
import { formatYaml } from '../domain/config/yaml.js';
import type { RunTaken, StandRun } from '../domain/daq/stand.js';
import { DatenraffinerieError, type ErrorType } from '../domain/errors.js';
import type { ManifestLine } from '../domain/scan/manifest.js';
import type { AcquireEnd, AcquireOutcome } from '../domain/scan/tasks.js';
import type { AcquireJob, Candidate } from './acquire-job.js';
import { compareRuns, notMeasured } from './reuse.js';
import type { RawSpool } from './raw-spool.js';
import { rawFileName } from './run-store.js';

const reasonsKept = 20;

type RunTimes = Pick<ManifestLine, 'start' | 'end'>;

/** The runs of a chunk: one in hand, the next one announced, the last one being made durable. */
export class Chunk {
  private readonly start = Date.now();
  private acquired = 0;
  private reused = 0;
  private quarantined = 0;
  private shortRuns = 0;
  private readonly reasons: string[] = [];
  private lastRun = -2;
  /** The run that was told to the stand as following run `after`. */
  private announced: { readonly run: StandRun; readonly after: number } | undefined;
  private finishing: Promise<void> = Promise.resolve();
  private unfinished: (() => Promise<void>) | undefined;

  constructor(private readonly job: AcquireJob) {}

  elapsed(): number {
    return (Date.now() - this.start) / 1000;
  }

  /** The first run from `from` on that must be measured. */
  async find(from: number): Promise<Candidate | undefined> {
    const { plan, manifest, failures } = this.job;
    for await (const { run, key, why } of compareRuns(manifest, plan, from)) {
      const failure = failures.quarantined(run, key);
      if (failure !== undefined) {
        this.quarantined++;
        this.note(`run ${run} is quarantined: ${failure}`);
      } else if (why === undefined) {
        this.reused++;
      } else {
        if (why !== notMeasured) this.note(why);
        return { run, key, state: plan.state(run) };
      }
    }
    return undefined;
  }

  /** Lets the stand get ready for the run that will follow the one in hand. */
  announce(inHand: Candidate, next: Candidate | undefined): void {
    if (next === undefined) return;
    const run = this.runOf(next, this.changes(next, inHand.run, inHand.state));
    this.announced = { run, after: inHand.run };
    this.job.use.driver.prepare?.(run);
  }

  /** Begins to take a run; `started` resolves when it goes on by itself, or has failed. */
  begin(candidate: Candidate): { readonly taking: Promise<void>; readonly started: Promise<void> } {
    let onStart = (): void => undefined;
    const started = new Promise<void>((resolve) => (onStart = resolve));
    const taking = this.take(candidate, onStart).finally(onStart);
    return { taking, started };
  }

  private async take(candidate: Candidate, onStart: () => void): Promise<void> {
    const raw = this.job.store.create(candidate.run);
    const start = new Date().toISOString();
    try {
      const taken = await this.drive(candidate, raw, onStart);
      const times = { start, end: new Date().toISOString() };
      this.finishLast();
      await this.finishing; // at most two runs in hand
      this.unfinished = () => this.finish(candidate, raw, times, taken);
    } catch (error) {
      await raw.discard();
      throw error;
    }
  }

  /** Makes the run that was taken last durable; begun when the next one is being taken, not between the two. */
  private finishLast(): void {
    if (this.unfinished === undefined) return;
    this.finishing = this.unfinished();
    this.finishing.catch(() => undefined); // thrown where it is awaited
    this.unfinished = undefined;
  }

  private async drive(candidate: Candidate, raw: RawSpool, onStart: () => void): Promise<RunTaken> {
    const { job } = this;
    const { driver } = job.use;
    const run = await this.reach(candidate);
    job.use.state = undefined; // unknown until the run has ended well
    const begun = () => {
      this.finishLast();
      onStart();
    };
    try {
      const taken = await driver.takeRun({ ...run, onStart: begun }, raw, job.signal);
      job.use.state = candidate.state;
      this.lastRun = candidate.run;
      return taken;
    } catch (error) {
      await this.countFailure(candidate, error);
      throw error;
    }
  }

  /** Brings the stand to where the run can begin. @returns the run with what is still to be sent */
  private async reach(candidate: Candidate): Promise<StandRun> {
    const { plan, use, signal, runStartTdcProcedure } = this.job;
    if (use.state === undefined) {
      await use.driver.begin({ defaultState: plan.defaultState, state: candidate.state, runStartTdcProcedure }, signal);
      return this.runOf(candidate, undefined);
    }
    const { announced } = this;
    if (announced?.run.index === candidate.run && announced.after === this.lastRun) return announced.run;
    return this.runOf(candidate, this.changes(candidate, this.lastRun, use.state));
  }

  /** What must be sent for a run after the run `before`, which left the stand in `left`. */
  private changes({ run, state }: Candidate, before: number, left: ConfigMap): ConfigMap | undefined {
    return before === run - 1 ? this.job.plan.send(run) : diffMap(left, state);
  }

  private runOf({ run, state }: Candidate, send: ConfigMap | undefined): StandRun {
    return { index: run, state, send, events: eventsOf(state) };
  }

  private async finish(candidate: Candidate, raw: RawSpool, times: RunTimes, taken: RunTaken): Promise<void> {
    const { store, attempt, board, minEvents, onRun } = this.job;
    const eventsAsked = eventsOf(candidate.state);
    try {
      const bytes = await raw.close();
      if (taken.readings !== undefined) await this.keepReadings([...taken.readings.keys()]);
      const line = await store.finish({
        run: candidate.run,
        key: candidate.key,
        file: rawFileName(candidate.run),
        attempt,
        ...times,
        temporary: raw.temporary,
        raw: bytes,
        ...(eventsAsked === undefined ? {} : { eventsAsked }),
        ...(minEvents === undefined ? {} : { minEvents }),
        ...(board === undefined ? {} : { board }),
        ...(taken.chipState === undefined ? {} : { chipState: formatYaml(taken.chipState) }),
        ...(taken.readings === undefined ? {} : { readings: Object.fromEntries(taken.readings) }),
      });
      this.count(line);
      onRun(candidate.run, this.acquired);
    } catch (error) {
      await this.countFailure(candidate, error);
      throw error;
    }
  }

  private async keepReadings(names: readonly string[]): Promise<void> {
    for (const name of await this.job.store.keepReadings(names)) {
      const text = `slow reading '${name}' is no column: the first run had none of that name (--fresh begins anew)`;
      if (!this.reasons.includes(text)) this.note(text);
    }
  }

  private count(line: ManifestLine): void {
    this.acquired++;
    if (line.short === true) this.shortRuns++;
  }

  /** A try at the run itself has failed (not the way to it): three of them, and the run is left out. */
  private async countFailure({ run, key }: Candidate, error: unknown): Promise<void> {
    const type = error instanceof DatenraffinerieError ? error.type : undefined;
    if (type === undefined || this.job.signal.aborted || !countsAgainstRun(type)) return;
    const { failures, attempt, maxFailedRuns } = this.job;
    const message = error instanceof Error ? error.message : String(error);
    await failures.add({ run, key, type, message, attempt, at: new Date().toISOString() });
    const lost = failures.quarantinedRuns();
    if (lost.length <= maxFailedRuns) return;
    throw new DatenraffinerieError(
      'RefusedError',
      `${lost.length} runs failed for good, ${maxFailedRuns} may: ${message}`,
      {
        remedy: `runs ${lost.slice(0, 10).join(', ')}: see failures.jsonl; --max-failed-runs allows more`,
        cause: error,
      },
    );
  }

  /** @param why what it waits for, where it ends for that */
  async end(end: AcquireEnd, next: number, why?: string): Promise<AcquireOutcome> {
    this.finishLast();
    await this.finishing;
    const { acquired, reused, quarantined, shortRuns } = this;
    const reasons = why === undefined ? this.reasons : [...this.reasons.slice(0, reasonsKept - 1), why];
    const secondsPerRun = acquired === 0 ? 0 : this.elapsed() / acquired;
    const failed = this.job.failures.triesIn(this.job.from, next);
    return { end, next, acquired, reused, failed, quarantined, shortRuns, secondsPerRun, reasons };
  }

  async settle(): Promise<void> {
    this.finishLast();
    await this.finishing.catch(() => undefined);
  }

  private note(reason: string): void {
    if (this.reasons.length < reasonsKept) this.reasons.push(reason);
  }
}

/** Broken configuration or a full disk are not the run's fault. */
function countsAgainstRun(type: ErrorType): boolean {
  return type === 'StandError' || type === 'TimeoutError' || type === 'DataError' || type === 'LinkError';
}
